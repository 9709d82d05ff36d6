package ai.materi.platform.grpc;

import io.vertx.grpc.server.Service;

/** A contract that this node implements, with its description for the wire. */
record Offer(Class<?> contract, Object local, Service wire) {}
