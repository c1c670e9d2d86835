/**
 * How RocketMQ gets here: Maven copies the jars of its servers. There is no usable archive of the whole, and 5.5.0 is the newest release
 * that resolves completely (RML-001, RML-002). Its client library, which is under test as well, comes with them.
 */
import { join } from 'node:path'
import { brokersDir } from '../machine/places.ts'
import type { Recipe } from '../recipe.ts'

export const ROCKETMQ_VERSION = '5.5.0'

export const SDK_NAME = 'rocketmq-client-nodejs'
export const SDK_VERSION = '1.0.8'

const SERVERS = ['namesrv', 'broker', 'proxy', 'tools', 'controller']

/** The jars, flat: what goes on the class path. */
export const rocketmqLib = (brokers: string = brokersDir()): string => join(brokers, `rocketmq-${ROCKETMQ_VERSION}`, 'lib')

/** Written when the jars are all there. */
export const rocketmqStamp = (brokers: string = brokersDir()): string => join(rocketmqLib(brokers), 'complete')

const sdkHome = (brokers: string): string => join(brokers, `${SDK_NAME}-${SDK_VERSION}`)
/** What is loaded of the client library. */
export const sdkMain = (brokers: string = brokersDir()): string => join(sdkHome(brokers), 'node_modules', SDK_NAME, 'dist', 'index.js')

const dependency = (server: string): string =>
  `    <dependency><groupId>org.apache.rocketmq</groupId><artifactId>rocketmq-${server}</artifactId><version>${ROCKETMQ_VERSION}</version></dependency>`

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>mqproof</groupId>
  <artifactId>rocketmq-servers</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${SERVERS.map(dependency).join('\n')}
  </dependencies>
</project>
`

export function rocketmqRecipe(brokers: string = brokersDir()): Recipe {
  const lib = rocketmqLib(brokers)
  const home = join(lib, '..')
  const stamp = rocketmqStamp(brokers)
  return {
    id: 'rocketmq',
    title: `Apache RocketMQ ${ROCKETMQ_VERSION}: the jars of its servers, about 100 MB, and its client library`,
    needs: [
      { program: 'java', install: 'apt-get install -y default-jre-headless' },
      { program: 'mvn', install: 'apt-get install -y maven' },
      { program: 'npm', install: 'it comes with Node' },
    ],
    files: [{ path: join(home, 'pom.xml'), text: POM }],
    steps: [
      {
        title: `fetch the jars into ${lib}`,
        command: 'mvn',
        args: ['-B', '-q', '-Dstyle.color=never', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${lib}`],
        cwd: home,
      },
      {
        title: `install ${SDK_NAME} ${SDK_VERSION} into ${sdkHome(brokers)}`,
        command: 'npm',
        args: ['install', '--no-audit', '--no-fund', '--prefix', sdkHome(brokers), `${SDK_NAME}@${SDK_VERSION}`],
      },
    ],
    stamp: { path: stamp, text: `${ROCKETMQ_VERSION}\n` },
    present: [stamp, sdkMain(brokers)],
  }
}
