package ai.materi.platform.telemetry;

import ai.materi.platform.config.Settings;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.util.Optional;

/**
 * The measurements of one node: a Prometheus registry, wired into Vert.x, and, where the configuration asks for it, traces
 * sent by OTLP. The names of the metrics stand in {@code docs/metrics.md}.
 */
public final class Telemetry implements AutoCloseable {
    /** Measured here with more sense (routes, calls), or so often that measuring costs more than it tells. */
    private static final MetricsDomain[] LEFT_OUT = {
        MetricsDomain.HTTP_SERVER,
        MetricsDomain.NET_SERVER,
        MetricsDomain.NET_CLIENT,
        MetricsDomain.DATAGRAM_SOCKET,
        MetricsDomain.EVENT_BUS,
        MetricsDomain.VERTICLES
    };

    private final PrometheusMeterRegistry meters;
    private final JvmGcMetrics garbageCollection;
    private final Optional<Tracing> tracing;
    private final Traces traces;
    private final String nodeId;

    private Telemetry(String nodeId, Optional<Tracing> tracing, int oneEditIn) {
        this.nodeId = nodeId;
        this.tracing = tracing;
        this.traces = new Traces(tracing.map(Tracing::tracer).orElse(null), oneEditIn);
        this.meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        // The clients of all roles would share one name; the database's own timers tell them apart.
        meters.config().meterFilter(MeterFilter.denyNameStartsWith("vertx.sql"));
        meters.config().meterFilter(MeterFilter.denyNameStartsWith("vertx.redis"));
        this.garbageCollection = new JvmGcMetrics();
        garbageCollection.bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
    }

    /** From the section {@code tracing}; before Vert.x is made. */
    public static Telemetry create(String nodeId, Settings tracing) {
        return new Telemetry(nodeId, Tracing.of(nodeId, tracing), tracing.integer("one_edit_in", 0, 1_000_000_000));
    }

    /** Puts metrics and, if enabled, tracing into a Vert.x that is about to be built with these options. */
    public VertxBuilder instrument(VertxBuilder builder, VertxOptions options) {
        options.setMetricsOptions(metricsOptions());
        tracing.ifPresent(t -> options.setTracingOptions(new OpenTelemetryOptions()));
        VertxBuilder instrumented = builder.with(options).withMetrics(new MicrometerMetricsFactory(meters));
        return tracing.map(t -> instrumented.withTracer(new OpenTelemetryTracingFactory(t.sdk())))
                .orElse(instrumented);
    }

    public PrometheusMeterRegistry meters() {
        return meters;
    }

    public Traces traces() {
        return traces;
    }

    /** Sends the spans that are waiting, for at most a few seconds: not on an event loop. */
    @Override
    public void close() {
        tracing.ifPresent(Tracing::close);
        garbageCollection.close();
        meters.close();
    }

    private MicrometerMetricsOptions metricsOptions() {
        MicrometerMetricsOptions options = new MicrometerMetricsOptions()
                .setEnabled(true)
                // Vert.x keeps registries by name for the whole process; two nodes in one must not meet there.
                .setRegistryName(nodeId);
        for (MetricsDomain domain : LEFT_OUT) {
            options.addDisabledMetricsCategory(domain);
        }
        return options;
    }
}
