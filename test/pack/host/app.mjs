import { eventLogging } from 'daybook'
import express from 'express'
import { readBack } from './read-back.mjs'

process.stdout.write(JSON.stringify(await readBack(express, eventLogging, { dir: '.daybook-esm' })))
