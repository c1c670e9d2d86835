/** How RabbitMQ gets here: the distribution's package. Its service is not started: live runs start nodes of their own (RAB-110). */
import type { Recipe } from '../recipe.ts'

/** The server script below the distribution's wrapper, which would change the user. */
export const RABBITMQ_SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server'

const POLICY = '/usr/sbin/policy-rc.d'
const PACKAGES = ['rabbitmq-server', 'xfsprogs']

/**
 * A package's scripts ask the policy before they start a service: 101 forbids it. One that is there already is left as it is. The shell of
 * Debian does not do at a signal what is to be done at its exit, unless the signal is made one.
 */
const INSTALL = [
  `if [ ! -e ${POLICY} ]`,
  `then trap 'rm -f ${POLICY}' EXIT; trap 'exit 1' INT TERM HUP; printf '#!/bin/sh\\nexit 101\\n' > ${POLICY} && chmod 755 ${POLICY} || exit`,
  `fi; apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`,
].join('; ')

export function rabbitmqRecipe(): Recipe {
  return {
    id: 'rabbitmq',
    title: "RabbitMQ: the distribution's package, without its service; and xfs_io, for power loss",
    needs: [
      { program: 'apt-get', install: 'only Debian and what descends from it have it; elsewhere install rabbitmq-server 3.10 or later' },
    ],
    files: [],
    steps: [
      { title: 'refresh the list of packages', command: 'apt-get', args: ['update', '-q'] },
      { title: `install ${PACKAGES.join(' and ')}, and start no service`, command: 'sh', args: ['-c', INSTALL] },
    ],
    stamp: null,
    present: [RABBITMQ_SERVER, '/usr/sbin/xfs_io'],
  }
}
