#!/usr/bin/env node
'use strict'

// The program `hookproof`: what it does is the same in every language, and is done by the native module.

const native = require('./native.cjs')

process.exitCode = native.runCli(['hookproof', ...process.argv.slice(2)])
