/** `conform --check-adapter`: for who writes an adapter, before anything is said about a broker. */
import { checkAdapter as walk } from '../live/stdio/check-adapter.ts'
import { showAdapterReport } from '../live/stdio/check/report.ts'
import { AdapterConfig } from '../live/stdio/factory.ts'
import type { Context } from './context.ts'
import { EXIT } from './io.ts'
import type { LiveSettings } from './live-settings.ts'
import { printJson } from './publish.ts'
import { adapterCommand } from './target-input.ts'

export async function checkAdapter(
  context: Context,
  { name, config, url, secrets }: LiveSettings,
  json: true | undefined,
): Promise<number> {
  const command = adapterCommand(name)
  const machine = await context.registry.openMachine(context.io.cwd)
  try {
    const report = secrets.hideIn(await walk(command, { machine, config: AdapterConfig.parse(config), url }))
    if (json === true) printJson(context, report)
    else context.print(showAdapterReport(report))
    return report.ok ? EXIT.upheld : EXIT.couldNotRun
  } finally {
    await machine.close()
  }
}
