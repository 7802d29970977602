const express = require('express')
const { eventLogging } = require('daybook')

async function run() {
  const { readBack } = await import('./read-back.mjs')
  process.stdout.write(JSON.stringify(await readBack(express, eventLogging, { dir: '.daybook-cjs' })))
}

void run()
