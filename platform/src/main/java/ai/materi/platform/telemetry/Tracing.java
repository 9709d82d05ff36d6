package ai.materi.platform.telemetry;

import ai.materi.platform.config.Settings;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** OpenTelemetry as configured: spans in batches over OTLP/HTTP; what does not fit into the queue is dropped. */
record Tracing(OpenTelemetrySdk sdk) {
    private static final int MAX_QUEUE = 4096;
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);

    static Optional<Tracing> of(String nodeId, Settings tracing) {
        return tracing.bool("enabled")
                ? Optional.of(new Tracing(sdk(nodeId, tracing.string("endpoint"))))
                : Optional.empty();
    }

    private static OpenTelemetrySdk sdk(String nodeId, String endpoint) {
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint)
                .setTimeout(SEND_TIMEOUT)
                .build();
        Attributes node = Attributes.of(
                AttributeKey.stringKey("service.name"),
                "materi",
                AttributeKey.stringKey("service.instance.id"),
                nodeId);
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(node)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(MAX_QUEUE)
                        .build())
                .build();
        return OpenTelemetrySdk.builder()
                .setTracerProvider(provider)
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    Tracer tracer() {
        return sdk.getTracer("ai.materi");
    }

    void close() {
        sdk.getSdkTracerProvider().shutdown().join(SEND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
