// refused: express-at-the-edge
import express from 'express'

export const serve = () => express()
