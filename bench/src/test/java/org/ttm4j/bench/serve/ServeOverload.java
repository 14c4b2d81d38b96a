package org.ttm4j.bench.serve;

import java.util.List;
import java.util.Locale;

/**
 * Four times the requests that a service with one worker can answer by a combination: the others are refused at once, those
 * that are accepted are answered in time, and it recovers. Argument: seconds of each part.
 */
public final class ServeOverload {
    private static final List<String> COMBINED = Load.usual("balanced");
    private static final double RISING = 1.1;
    private static final double MOST_LATENCY = 3;
    private static final int RECOVERY = 5;

    private ServeOverload() {}

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
        Verdict verdict = new Verdict();
        try (ServiceProcess service = new ServiceProcess("--port", "0", "--store", "none", "--workers", "1")
                .awaitReady()) {
            Load.most(service, COMBINED, Math.max(5, seconds / 2));
            double capacity = capacity(service, seconds);
            Load.Seen at = Load.steady(service, COMBINED, capacity, seconds);
            Load.Seen over = Load.steady(service, COMBINED, 4 * capacity, seconds);
            Load.steady(service, COMBINED, capacity / 2, RECOVERY);
            Load.Seen after = Load.steady(service, COMBINED, capacity / 2, seconds);
            print("at capacity", at);
            print("at 4 times", over);
            print("5 s later, at half", after);
            verdict.faults(at.faults());
            verdict.faults(over.faults());
            verdict.faults(after.faults());
            verdict.fault(over.refused() == 0, "expected refusals at 4 times the capacity");
            verdict.target(after.refused() == 0, "no refusals " + RECOVERY + " s after the overload");
            verdict.target(over.p99() <= MOST_LATENCY * at.p99(),
                    "a p99 of at most " + MOST_LATENCY + " times that at capacity");
            verdict.target(after.p99() <= MOST_LATENCY * at.p99(), "it to have recovered");
        }
        verdict.exit();
    }

    /** It rises as long as compilers are at work. */
    private static double capacity(ServiceProcess service, int seconds) throws Exception {
        double before = 0;
        double rate = Load.most(service, COMBINED, seconds).perSecond();
        while (rate > RISING * before) {
            before = rate;
            rate = Load.most(service, COMBINED, seconds).perSecond();
        }
        return Math.max(before, rate);
    }

    private static void print(String what, Load.Seen load) {
        System.out.printf(Locale.ROOT, "%s: %.0f answered a second, %d refused of %d, p99 of the answered %.0f ms%n",
                what, load.perSecond(), load.refused(), load.answered() + load.refused(), load.p99() * 1e3);
    }
}
