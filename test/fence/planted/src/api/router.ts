import { Router } from 'express'

export const createRouter = () => Router()
