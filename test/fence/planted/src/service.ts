import { statSync } from 'node:fs'
import express from 'express'

export const start = async () => [express(), statSync('.'), await import('./store/orm.ts')]
