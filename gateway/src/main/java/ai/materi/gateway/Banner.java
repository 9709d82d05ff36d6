package ai.materi.gateway;

import ai.materi.platform.config.Settings;
import ai.materi.platform.node.Boot;

/** What a person wants to know once the node is ready; for development only, elsewhere it would stand amid JSON. */
final class Banner {
    private Banner() {}

    static void print(Boot boot, Settings settings) {
        String host = settings.string("http.host");
        String url = "http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":"
                + boot.node().http().port();
        StringBuilder text = new StringBuilder("\n  Materi is ready at " + url + "\n");
        if (settings.bool("auth.demo.enabled")) {
            text.append("""
                      Sign in as  ada@demo.materi.local  or  bob@demo.materi.local
                      Password    materi-demo-1
                    """);
        }
        text.append("  gRPC " + settings.string("grpc.host") + ":" + boot.grpcPort() + " · operator "
                + settings.string("operator.host") + ":" + boot.node().http().operatorPort() + " · data "
                + settings.dataDir() + "\n");
        System.out.println(text);
    }
}
