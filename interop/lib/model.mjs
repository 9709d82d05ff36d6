// A model endpoint on loopback that speaks the wire of streamed chat completions, a piece at a time.
import { createServer } from 'node:http'

export class Model {
  /** What was asked, newest last. */
  requests = []
  /** Connections that their client closed before the end. */
  abandoned = 0

  static async start () {
    const model = new Model()
    model.server = createServer((request, response) => model.#answer(request, response))
    await new Promise(resolve => model.server.listen(0, '127.0.0.1', resolve))
    return model
  }

  get url () { return `http://127.0.0.1:${this.server.address().port}/v1` }

  /** The next answers, in order; the last one is repeated. `pieces` with `everyMs` between them, of which one may wait (`waits: { before, until }`), or a `status`, or `cut`. */
  script (...answers) { this.answers = answers }

  async #answer (request, response) {
    let body = ''
    for await (const chunk of request) body += chunk
    this.requests.push(JSON.parse(body))
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0]
    if (answer.status) return response.writeHead(answer.status, { 'content-type': 'application/json' }).end('{"error":{"message":"scripted"}}')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let gone = false
    response.on('close', () => { if (!response.writableEnded) { gone = true; this.abandoned++ } })
    for (const piece of answer.pieces) {
      if (piece === answer.waits?.before) await answer.waits.until
      if (gone) return
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: piece } }] })}\n\n`)
      await new Promise(resolve => setTimeout(resolve, answer.everyMs ?? 0))
    }
    if (gone) return
    if (answer.cut) return response.destroy()
    response.end(`data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 5, completion_tokens: answer.pieces.length } })}\n\ndata: [DONE]\n\n`)
  }

  stop () {
    this.server.closeAllConnections()
    return new Promise(resolve => this.server.close(resolve))
  }
}
