/** The table of delay levels (RMQ-118): one string for the whole broker, as an operator writes it. */
import { z } from 'zod'

export const DELAY_LEVELS = '1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h'

export const DelayLevels = z.string().regex(/^[1-9]\d{0,5}[smhd]( [1-9]\d{0,5}[smhd]){0,99}$/, 'delay levels like "1s 5s 1m 2h"')
