/** Answers as most handlers give them. */
import { fileURLToPath } from 'node:url'
import express from 'express'
import { ask, at, type Scenario, scenario } from './scenario.ts'

const SELF = fileURLToPath(import.meta.url)

export const ANSWERS: readonly Scenario[] = [
  scenario(
    'json',
    '{"a":1}',
    at((_req, res) => void res.json({ a: 1 })),
  ),
  scenario(
    'html, and HEAD of it',
    '<b>',
    at((_req, res) => void res.send('<b>')),
    ask('GET', '/'),
    ask('HEAD', '/'),
  ),
  ...[201, 202, 204, 205, 304, 400, 401, 418, 500, 503].map((code) =>
    scenario(
      `status ${code}`,
      ` ${code} `,
      at((_req, res) => void res.status(code).send('body')),
    ),
  ),
  scenario(
    'sendStatus',
    'Forbidden',
    at((_req, res) => void res.sendStatus(403)),
  ),
  scenario(
    'redirect',
    'Location: /there',
    at((_req, res) => res.redirect(307, '/there')),
    ask('GET', '/', 'Accept: text/html'),
  ),
  scenario(
    'sendFile: whole, ranges, conditional, HEAD',
    'HTTP/1.1 206',
    at((_req, res) => res.sendFile(SELF)),
    ask('GET', '/'),
    ask('GET', '/', 'Range: bytes=0-9'),
    ask('GET', '/', 'Range: bytes=-5'),
    ask('GET', '/', 'Range: bytes=9999999-'),
    ask('GET', '/', 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT'),
    ask('HEAD', '/'),
  ),
  scenario(
    'sendFile of nothing',
    ' 404 ',
    at((_req, res) => res.sendFile('/no/such/file')),
  ),
  scenario(
    'static files',
    'ANSWERS: readonly',
    (app) => void app.use('/files', express.static(fileURLToPath(new URL('.', import.meta.url)))),
    ask('GET', '/files/answers.ts'),
    ask('GET', '/files'),
    ask('GET', '/files/../flow.ts'),
  ),
  scenario(
    'download',
    'attachment',
    at((_req, res) => res.download(SELF, 'näme.ts')),
  ),
  scenario(
    'etag that matches',
    ' 304 ',
    at((_req, res) => void res.set('ETag', '"x"').send('b')),
    ask('GET', '/', 'If-None-Match: "x"'),
  ),
  scenario(
    'cookies',
    'Set-Cookie: b=2',
    at((_req, res) => void res.cookie('a', 1).cookie('b', 2).append('Vary', 'X').send('')),
  ),
  scenario(
    'formats',
    'text/plain',
    at((_req, res) => void res.format({ text: () => res.send('t'), json: () => res.json({}) })),
    ask('GET', '/', 'Accept: text/plain'),
    ask('GET', '/', 'Accept: image/png'),
  ),
  scenario(
    'jsonp',
    'cb(',
    at((_req, res) => void res.jsonp({ a: 1 })),
    ask('GET', '/?callback=cb'),
  ),
]
