// refused: express-at-the-edge
import { Router } from 'express'

export const route = () => Router()
