import express from 'express'

export const isApp = (thing: unknown) => thing === express
