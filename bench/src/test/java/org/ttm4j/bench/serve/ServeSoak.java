package org.ttm4j.bench.serve;

import java.util.List;
import java.util.Locale;

/**
 * Half of what the service can take, for long: no error, and a heap that does not grow. Arguments: minutes, and {@code mixed}
 * for requests that all bundled models and a combination answer in turns, in the place of one model's.
 */
public final class ServeSoak {
    private static final int PARTS = 10;
    /** Parts in which the heap may grow: a batch of a new size keeps its memory from then on. */
    private static final int SETTLING = 3;
    /** Of the heap after these parts, and megabytes. */
    private static final double GROWTH = 1.1;
    private static final double SLACK = 5;

    private ServeSoak() {}

    public static void main(String[] arguments) throws Exception {
        double minutes = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 10;
        int seconds = (int) Math.max(1, minutes * 60 / PARTS);
        boolean isMixed = arguments.length > 1;
        if (isMixed && !arguments[1].equals("mixed")) {
            throw new IllegalArgumentException("expected mixed or nothing, found " + arguments[1]);
        }
        List<String> requests = isMixed ? Load.mixed() : Load.usual("fast");
        Verdict verdict = new Verdict();
        try (ServiceProcess service = new ServiceProcess("--port", "0", "--store", "none").awaitReady()) {
            Load.warm(service, seconds);
            double half = Load.most(service, requests, seconds).perSecond() / 2;
            double settled = 0;
            double last = 0;
            long answered = 0;
            for (int part = 0; part < PARTS; part++) {
                Load.Seen load = Load.steady(service, requests, half, seconds);
                verdict.faults(load.faults());
                verdict.fault(load.refused() > 0, "refused at half of the capacity");
                answered += load.answered();
                last = service.heapMegabytes();
                if (part < SETTLING) settled = last;
                System.out.printf(Locale.ROOT, "%d s at %.0f a second: %d refused, p99 %.1f ms, heap in use %.1f MB%n",
                        (part + 1) * seconds, load.perSecond(), load.refused(), load.p99() * 1e3, last);
            }
            verdict.fault(last > GROWTH * settled + SLACK, "the heap grew from " + settled + " to " + last + " MB");
            System.out.printf(Locale.ROOT, "%d answered%n", answered);
        }
        verdict.exit();
    }
}
