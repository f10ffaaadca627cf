import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Command } from 'commander'
import { contractOption } from '../contract/contract.js'
import { settingsFrom } from '../options/settings.js'

export function mcpCommand(): Command {
  return new Command('mcp')
    .description(
      'Serve operations as tools of the Model Context Protocol on stdin and stdout, until stdin ends.',
    )
    .addOption(contractOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ MCP_OPERATIONS=createPayment soapstone mcp --contract openapi.yaml\n\nA client of the protocol starts it so. Operations that are GET are tools; MCP_OPERATIONS names others. The log goes to stderr.',
    )
    .action(async ({ contract }: { readonly contract: string }) => {
      await serve(contract)
    })
}

async function serve(contract: string): Promise<void> {
  const settings = settingsFrom(process.env)
  const [
    { compileContract },
    { guaranteesOf, openAtStart },
    { judgeContract },
    { Recorder },
    { OperationCalls },
  ] = await Promise.all([
    import('../../adapter/adapter.js'),
    import('../../http/operations/guarantees-deployment.js'),
    import('../../http/contract/judge-contract.js'),
    import('../../http/observe.js'),
    import('../../http/operations/calls.js'),
  ])
  const [
    { Pipeline },
    { createLogger },
    { createMetrics },
    { serveOnStdio },
    { toolsOf },
    { packageVersion },
  ] = await Promise.all([
    import('../../http/operations/pipeline.js'),
    import('../../telemetry/logger.js'),
    import('../../telemetry/metrics.js'),
    import('../../mcp/stdio.js'),
    import('../../mcp/tools.js'),
    import('../../base/manifest.js'),
  ])
  const adapter = compileContract({ contract })
  try {
    await judgeContract(adapter, { compile: 'doubtful', authentication: 'off' })
    const logger = createLogger(settings.logLevel, process.stderr)
    const guarantees = guaranteesOf(adapter.operations.values(), settings)
    await openAtStart(guarantees.store, settings)
    const pipeline = new Pipeline(adapter, { ...guarantees, limits: settings, authentication: 'off' })
    const calls = new OperationCalls(adapter, pipeline, new Recorder(logger, createMetrics(adapter.backends)))
    const { tools, leftOut } = toolsOf(calls, settings.mcpOperations)
    for (const { operationId, reason } of leftOut) logger.warn({ operationId, reason }, 'operation left out')
    const options = { tools, maxResultBytes: settings.mcpMaxResultBytes, version: packageVersion() }
    const handle = serveOnStdio(calls, options, () => randomUUID())
    await once(process.stdin, 'close')
    await handle.close()
    await pipeline.settled()
    await guarantees.store?.close()
  } finally {
    await adapter.close()
  }
}
