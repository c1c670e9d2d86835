#!/usr/bin/env python3
"""A queue in memory as an adapter for mqproof: the smallest one that does everything a consumer group needs.

Try it:   npx mqproof conform stdio:"python3 queue.py" --check-adapter
          npx mqproof conform stdio:"python3 queue.py"

The protocol (adapter-protocol.md): a JSON object a line. Requests come in on stdin, each with an "id" and a "type". Each is answered
once, on stdout, under the same "id". Deliveries go out whenever there is something to deliver. Anything else that you want to print
goes to stderr. For a real broker, put calls of its client library where this file has lists and dictionaries.
"""
import json
import sys
from collections import deque

PREFETCH = 16  # unsettled deliveries that a consumer may have

topics = {}  # topic -> its queues; a queue is a list of payloads, and a message's offset is its index
groups = {}  # group -> {"topics": [...], "todo": deque of messages that the group has yet to finish}
consumers = {}  # consumer -> {"group": ..., "unsettled": {delivery: message}}
count = 0  # deliveries so far: each has a name of its own


def hello(request):
    # A queue in memory does not outlive its process. It says so, and is not blamed for what it never promised.
    lost = {"except": ["processKill", "gracefulRestart"], "source": "queue.py keeps everything in memory"}
    return {
        "protocol": 1,
        "system": "queue-py",
        "version": "1.0",
        "embedded": True,  # this process is the broker: mqproof kills it, pauses it and starts it again
        "capabilities": {"queues": 8, "offsets": True, "read": True},
        "claims": [{"guarantee": g, **lost} for g in ("ORD-1", "ORD-2", "ALO-1", "DUR-1", "DUR-2")],
    }


def createTopic(request):  # twice is harmless: a topic that exists stays as it is
    topics.setdefault(request["topic"], [[] for _ in range(request["queues"])])


def createGroup(request):  # from now on the group misses nothing, even while it has no consumer
    groups.setdefault(request["group"], {"topics": request["topics"], "todo": deque()})


def send(request):
    queues = topics[request["topic"]]
    queue = request["queue"]
    if queue is None:  # the choice is ours: the shortest
        queue = min(range(len(queues)), key=lambda q: len(queues[q]))
    queues[queue].append(request["payload"])
    offset = len(queues[queue]) - 1
    message = {"topic": request["topic"], "queue": queue, "offset": offset, "payload": request["payload"], "attempt": 0}
    for group in groups.values():
        if request["topic"] in group["topics"]:
            group["todo"].append(message)
    return {"queue": queue, "offset": offset}


def subscribe(request):
    consumers.setdefault(request["consumer"], {"group": request["group"], "unsettled": {}})


def settle(request):
    consumer = consumers[request["consumer"]]
    message = consumer["unsettled"].pop(request["delivery"])
    if not request["done"]:  # the listener failed: deliver it again
        groups[consumer["group"]]["todo"].appendleft({**message, "attempt": message["attempt"] + 1})


def unsubscribe(request):  # what it has not settled goes to others, or to itself when it comes back
    consumer = consumers.pop(request["consumer"])
    for message in reversed(consumer["unsettled"].values()):
        groups[consumer["group"]]["todo"].appendleft(message)


def read(request):
    payloads = topics[request["topic"]][request["queue"]]
    return {"messages": [{"offset": offset, "payload": payload} for offset, payload in enumerate(payloads)]}


def tearDown(request):
    for group in request["groups"]:
        groups.pop(group, None)
    for topic in request["topics"]:
        topics.pop(topic, None)


HANDLERS = {f.__name__: f for f in (hello, createTopic, createGroup, send, subscribe, settle, unsubscribe, read, tearDown)}


def say(message):
    print(json.dumps(message), flush=True)  # without the flush the line stays in a buffer, and mqproof waits in vain


def deliver():
    global count
    for name, consumer in consumers.items():
        todo = groups[consumer["group"]]["todo"]
        while todo and len(consumer["unsettled"]) < PREFETCH:
            count += 1
            message = todo.popleft()
            consumer["unsettled"][count] = message
            say({"type": "deliver", "delivery": count, "consumer": name, **message})


for line in sys.stdin:  # ends when mqproof closes it, and then so do we
    request = json.loads(line)
    handler = HANDLERS.get(request["type"])
    if handler is None:
        say({"id": request["id"], "type": "unsupported"})
        continue
    try:
        say({"id": request["id"], "type": "ok", **(handler(request) or {})})
    except KeyError as missing:  # certainly not done: that is what "fail" means; where you can't be sure, say "info"
        say({"id": request["id"], "type": "fail", "status": f"there is no {missing}"})
    deliver()
