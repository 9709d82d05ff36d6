// A WebSocket client (RFC 6455) that keeps the head of each message and only counts the rest, in one buffer for all
// sockets, so that hundreds of messages of 20 MB at once cost the client neither memory nor time that the server wants.
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

const MOST_RESPONSE_BYTES = 8192
const HEAD_BYTES = 1024
const [CONTINUATION, BINARY, CLOSE, PING, PONG] = [0, 2, 8, 9, 10]
const shared = Buffer.allocUnsafe(1 << 20)

export class SkimmingSocket {
  #socket
  #response = ''
  #header = Buffer.alloc(10)
  #headerBytes = 0
  #left = 0
  #inPayload = false
  #frame = null
  #control = []
  #head = Buffer.allocUnsafeSlow(HEAD_BYTES)
  #headBytes = 0
  #size = 0
  #on

  /** @param on { open(), message(head, size), failed(error) } */
  constructor (url, on) {
    const { hostname, port, pathname } = new URL(url)
    this.#on = on
    this.#socket = connect({
      host: hostname,
      port: +port,
      noDelay: true,
      onread: { buffer: shared, callback: (count, buffer) => { this.#read(buffer.subarray(0, count)); return true } }
    })
    this.#socket.on('connect', () => this.#socket.write([
      `GET ${pathname} HTTP/1.1`, `Host: ${hostname}:${port}`, 'Upgrade: websocket', 'Connection: Upgrade',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`, 'Sec-WebSocket-Version: 13', '', ''].join('\r\n')))
    this.#socket.on('error', error => on.failed(error))
    this.#socket.on('close', () => on.failed(new Error('the server closed the connection')))
  }

  /** One binary message; the mask is zero, which the server cannot tell from any other. */
  send (bytes) { this.#write(BINARY, bytes) }
  terminate () { this.#socket.destroy() }

  #write (opcode, bytes) {
    const header = bytes.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8)
    header[0] = 0x80 | opcode
    header[1] = 0x80 | Math.min(bytes.length, 126)
    if (bytes.length >= 126) header.writeUInt16BE(bytes.length, 2)
    this.#socket.write(Buffer.concat([header, bytes]))
  }

  #read (bytes) {
    let at = 0
    if (this.#response !== null) {
      this.#response += bytes.toString('latin1')
      const end = this.#response.indexOf('\r\n\r\n')
      if (end < 0) {
        if (this.#response.length > MOST_RESPONSE_BYTES) throw new Error('a response without an end')
        return
      }
      if (!this.#response.startsWith('HTTP/1.1 101')) throw new Error(`refused: ${this.#response.split('\r\n')[0]}`)
      at = bytes.length - (this.#response.length - end - 4)
      this.#response = null
      this.#on.open()
    }
    while (at < bytes.length) at = this.#inPayload ? this.#skim(bytes, at) : this.#start(bytes, at)
  }

  #start (bytes, at) {
    this.#header[this.#headerBytes++] = bytes[at]
    const length = this.#header[1] & 0x7f
    const needed = this.#headerBytes < 2 ? 2 : length === 126 ? 4 : length === 127 ? 10 : 2
    if (this.#headerBytes === needed) {
      this.#frame = { final: (this.#header[0] & 0x80) > 0, opcode: this.#header[0] & 0x0f }
      this.#left = needed === 2 ? length : needed === 4 ? this.#header.readUInt16BE(2) : Number(this.#header.readBigUInt64BE(2))
      this.#headerBytes = 0
      this.#inPayload = true
      if (this.#left === 0) this.#end()
    }
    return at + 1
  }

  #skim (bytes, at) {
    const taken = Math.min(this.#left, bytes.length - at)
    if (this.#frame.opcode >= CLOSE) {
      this.#control.push(...bytes.subarray(at, at + taken))
    } else {
      this.#headBytes += bytes.copy(this.#head, this.#headBytes, at, at + taken)
      this.#size += taken
    }
    this.#left -= taken
    if (this.#left === 0) this.#end()
    return at + taken
  }

  #end () {
    const { final, opcode } = this.#frame
    this.#inPayload = false
    if (opcode === PING) this.#write(PONG, Uint8Array.from(this.#control))
    if (opcode === CLOSE) this.#on.failed(new Error(`closed with ${this.#control[0] << 8 | this.#control[1]}`))
    if (opcode >= CLOSE) this.#control = []
    if (final && (opcode === BINARY || opcode === CONTINUATION)) {
      const [head, size] = [this.#head.subarray(0, this.#headBytes), this.#size]
      this.#headBytes = this.#size = 0
      this.#on.message(head, size)
    }
  }
}
