package ai.materi.platform.telemetry;

import ai.materi.platform.call.CallContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AsyncAppenderBase;
import java.util.HashMap;
import java.util.Map;

/** Notes the call on the thread that logs, and lets another thread write; a full queue drops lines, never waits. */
final class CallAppender extends AsyncAppenderBase<ILoggingEvent> {
    static final String REQUEST = "request_id";
    static final String TRACE = "trace_id";

    private static final int MAX_QUEUE = 8192;
    private static final int FLUSH_MILLIS = 2000;

    CallAppender() {
        setQueueSize(MAX_QUEUE);
        setNeverBlock(true);
        setDiscardingThreshold(0);
        setMaxFlushTime(FLUSH_MILLIS);
        setName("call");
    }

    @Override
    protected void preprocess(ILoggingEvent event) {
        CallContext call = CallContext.current();
        if (event instanceof LoggingEvent mutable && !call.requestId().equals("-")) {
            mutable.setMDCPropertyMap(ids(call));
        }
        event.prepareForDeferredProcessing();
    }

    private static Map<String, String> ids(CallContext call) {
        Map<String, String> ids = new HashMap<>();
        ids.put(REQUEST, call.requestId());
        String trace = call.traceId();
        if (trace != null) {
            ids.put(TRACE, trace);
        }
        return ids;
    }
}
