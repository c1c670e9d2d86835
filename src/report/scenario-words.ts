/** What the words of a scenario mean, for its reference page. Whatever is read has a line here, which is tested. */

type Meanings = readonly (readonly [words: string, meaning: string])[]

/** The cluster line. */
export const CLUSTER_MEANS: Meanings = [
  ['preset', '`rocketmq-5.5`, as shipped but for `retry`, or `hardened`: every repair'],
  ['flush', '`async`, as shipped, or `sync`'],
  [
    'disk',
    'whether the name of a new file is safe with its first force, as on `ext4`, or not, as `posix` allows; `ext4` where nothing is said',
  ],
  [
    'order',
    '`normal`: producers go by the brokers that are registered; `strict`: by the queues that the story lists, whichever brokers are up',
  ],
  [
    'retry',
    'what becomes of a message that a concurrent listener fails: `send-back`, where nothing is said, gives it to the broker, which ' +
      "brings it again by its schedule; `local` runs it again where it was given, which RocketMQ does only where it can't send it back",
  ],
  [
    'repair',
    'repairs on top of the preset, with commas between them; what each is good for: [what RocketMQ 5.5 does not keep](../not-kept.md)',
  ],
  ['parameter.NAME', 'an integer, in the unit that ends its name: see `src/systems/rocketmq/parameters.ts`'],
  ['system', 'whose model it is: `rocketmq`, where nothing is said'],
  ['mutant', 'a planted bug, such as `ack-before-force`: `mqproof list mutants` has them'],
  ['seed', 'what luck is drawn from; 0 where nothing is said'],
  [
    'policy',
    'how what the story leaves open is decided (latencies, losses, which of two events is first): `calm`, where nothing is ' +
      'said, always benignly; `uniform`, each by the seed; `swarm`, some kinds by the seed and the others benignly; `lanes`, ' +
      'by the seed, and some links and nodes alike throughout',
  ],
  ['version', 'the mqproof that wrote it; `scenario` where a person did'],
]

/** Fields of the configuration that have no word: `config NAME JSON`. */
export const CONFIG_MEANS: Meanings = [
  [
    'brokerRole',
    '`"SYNC_MASTER"`: a broker waits for its slaves if `inSyncReplicas` is 2 or more; `"ASYNC_MASTER"`, as shipped: for nobody',
  ],
  [
    'commitLog',
    '`"dledger"`: a broker and its slaves are a Raft group, and elect who is the master; `"own"`, as shipped: each broker has its own',
  ],
  ['enableControllerMode', 'the `controllers` decide which of a broker and its slaves is master; off as shipped'],
  ['allAckInSyncStateSet', 'an elected master waits for all who are in sync; off as shipped'],
  ['enableElectUncleanMaster', 'who is not in sync may be elected, where nobody else is there; off as shipped'],
  [
    'enableSlaveActingMaster',
    'a slave stands in for its master while that is away, as far as it can without storing anything; off as shipped',
  ],
  ['slaveReadEnable', 'consumers may read from slaves; off as shipped'],
  ['without', 'repairs of `preset=hardened` that are left out, such as `["endTxnOnce"]`'],
  ['retryAnotherBrokerWhenNotStoreOK', 'a send that was stored without what its mode promises is tried again at another broker'],
  ['sendLatencyFaultEnable', 'producers leave slow and failing brokers alone for a while'],
  [
    'popFailure',
    '`"hide"`: a pop consumer hides for another time what its listener has failed; `"leave"`: it lets it come again by itself',
  ],
  ['retryMaxTimes', 'how often a message comes again before it is a dead letter; 16 as shipped'],
  ['recordPolls', 'the history, and the transcript, tell every pull and its answer'],
  ['lateRegistration', 'a broker that starts registers ten seconds late'],
  ['enablePropertyFilter', 'brokers understand selectors; off as shipped'],
  ['traceTopicEnable', 'brokers keep the traces of clients; off as shipped'],
  ['enableMsgTrace', 'clients trace their messages; off as shipped'],
  ['recallMessageEnable', 'messages that wait for a time of their own can be recalled; off as shipped'],
  ['authorizationEnabled', 'brokers ask who somebody is, and whether he may do what he wants; off as shipped'],
  ['accounts', 'of producers and groups, as JSON: how each signs, where it comes from, and its policies; who has none may do everything'],
  ['messageDelayLevel', 'the delays by level, such as `"1s 5s 10s"`'],
  ['deleteWhen', 'the hours at which files that have had their time are deleted, such as `"04;16"`'],
]

export const TOPIC_MEANS: Meanings = [
  ['queues', 'how many, at each of its brokers'],
  ['brokers', 'each of these has so many queues of its own; without it the queues are those of the whole cluster'],
]

export const GROUP_MEANS: Meanings = [
  ['topics', 'what it subscribes; all topics where nothing is said'],
  ['consumers', 'its members, one process each; one whose first command is `start` does not run before it'],
  ['mode', 'each message to one member, or to every one; `clustering` where nothing is said'],
  ['listener', 'many messages of a queue at a time, or one after the other; `concurrently` where nothing is said'],
  [
    'consumption',
    '`push`, where nothing is said: queues are shared out and messages handed to the listener; `pull`: the application asks ' +
      'for them and commits; `pop`: whatever is free of any queue, acknowledged one by one',
  ],
  ['allocate', "how queues are shared out, by RocketMQ's names; `AVG` where nothing is said"],
  [
    'assign',
    'of a group that pulls: the queues, by their numbers, that each of its consumers takes of every topic, with nobody dealing them out; a second `group` line ' +
      'of the same name tells other consumers other queues',
  ],
  ['batch', 'how many messages its listener is given at once, at the most; one where nothing is said'],
  [
    'verdict',
    'of a listener that is given several and stops where it fails: `whole`, where nothing is said: all of them have failed; ' +
      '`ack-index`: those before it are done',
  ],
  [
    'max-reconsume',
    'how often a message comes again on which its listener fails, before it is a dead letter; where nothing is said, as often as the broker lets it, ' +
      'and without end to an orderly listener',
  ],
  ['commit', 'of a group that pulls: after how many messages its application commits; without it the client does, every five seconds'],
  ['tags', 'which messages it wants: `*`, or tags with `||` between them'],
  ['selector', 'or by an expression over their properties, as RocketMQ reads SQL92'],
  [
    'start',
    'where it begins in a queue that it has no progress in: at the end, at the beginning, or at what was stored at a time or ' +
      'later; `first` where nothing is said',
  ],
  [
    'receiver',
    'how its listener tells a message that it has handled: see [idempotence](../study/idempotence.md); without it nothing is done that could be seen',
  ],
  ['forward', 'the topic to which its listener sends each message on'],
  ['done', 'with `forward`: when the listener is done with a message; `after-ack` where nothing is said'],
  ['by', "with `receiver`: by what it tells, the application's key or the client's id; `key` where nothing is said"],
]

/** Operations, all of them together: words of one name mean the same. */
export const OPERATION_MEANS: Meanings = [
  ['queue', 'to this one, which the caller has chosen, and else to the next in turn; of a reset, `seek` and `pause-queue`: this one alone'],
  ['broker', 'whose queue that is; of `wipe-write-perm`: from whom the permission is taken'],
  ['mode', 'who waits for the answer; `sync` where nothing is said'],
  ['bytes', 'the size of a message; 100 where nothing is said'],
  [
    'fails',
    "how often a listener fails the message before it succeeds. What is counted is the message's own number of attempts: it " +
      'goes with the copies of `retry=send-back` and of pop; where a message is run again in place, it begins anew with each ' +
      'consumer that takes the queue up. A transcript tells attempts from the second one on: `deliver T:0@0 "m", attempt 2`',
  ],
  ['key', "the application's name for what the message is about; each worker of a load has one of its own"],
  ['select', 'the queue goes by the key'],
  ['by', "of a query: the application's key; or, for the client's own last message there, its id, its place in the log, or its `trace`"],
  ['since', 'what was stored at this time or later'],
  ['until', 'or earlier'],
  ['max', 'how many messages each broker may find, 64 at most'],
  ['tag', 'by which groups choose'],
  ['with', 'properties, as JSON, by which selectors choose'],
  ['delay', "the broker's level, from 1"],
  ['outcome', 'what the local transaction decides'],
  ['answer', 'what a later check is told; the outcome, where nothing is said'],
  ['count', 'how many messages one send carries'],
  ['queues', 'how many the new topic has'],
  ['read', 'how many queues are read from then on'],
  ['write', 'how many are written'],
  ['brokers', 'which of them are told; those that have the topic, where nothing is said'],
  ['drain', 'the operator first waits so long until every group has read what would be read no more, or gives up'],
  ['barrier', 'the operator notes the ends of the queues, and waits so long until every group has read them up to there, or gives up'],
  ['group', 'whose progress is reset, or looked at'],
  ['offset', 'to this offset'],
  ['to', 'to what was stored at this time or later; to the end, without it and `offset`'],
  ['workers', 'threads, each of which sends one message after the other'],
  ['for', 'how long they do so'],
  ['every', 'and how often; later, while the last send is still open'],
]
