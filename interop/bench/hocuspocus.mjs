// The peer: a Hocuspocus server as its documentation starts one, storing nothing. Prints its port when it listens.
import { Server } from '@hocuspocus/server'

const server = new Server({ port: 0, address: '127.0.0.1', quiet: true, debounce: 0 })
await server.listen()
console.log(server.address.port)
