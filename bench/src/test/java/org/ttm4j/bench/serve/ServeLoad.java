package org.ttm4j.bench.serve;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;

/**
 * Forecasts per second of the service's processor time against those of the library in this process, which has the same
 * flags, and its latency at half of what it can take. One series of 512 a request, mode fast. Argument: seconds of each part.
 */
public final class ServeLoad {
    /** Forecasts after which the library is compiled. */
    private static final int WARM_UP = 60_000;
    private static final double LEAST_RATIO = 0.7;
    private static final double MOST_LATENCY = 20;

    private ServeLoad() {}

    /** What the library does. */
    private record Library(int count, double perCpuSecond, double latency) {}

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        Library library = library(seconds);
        List<String> requests = Load.usual("fast");
        Verdict verdict = new Verdict();
        try (ServiceProcess service = new ServiceProcess("--port", "0", "--store", "none").awaitReady()) {
            Load.warm(service, seconds);
            double cpu = service.cpuSeconds();
            Load.Seen most = Load.most(service, requests, seconds);
            double perCpuSecond = most.answered() / (service.cpuSeconds() - cpu);
            verdict.faults(most.faults());
            // Not measured: its batches are other ones than those of the warm-up, so that code is compiled anew.
            verdict.faults(Load.steady(service, requests, most.perSecond() / 2, seconds).faults());
            Load.Seen half = Load.steady(service, requests, most.perSecond() / 2, seconds);
            verdict.faults(half.faults());
            verdict.fault(half.refused() > 0, half.refused() + " refused at half of the capacity");
            Load.Seen floor = Load.floor(service, most.perSecond() / 2, seconds);
            double ratio = perCpuSecond / library.perCpuSecond;
            double latency = half.p99() / library.latency;
            System.out.printf(Locale.ROOT, "library: %.0f forecasts per CPU-second, %.2f ms each%n",
                    library.perCpuSecond, library.latency * 1e3);
            System.out.printf(Locale.ROOT,
                    "service: %.0f forecasts per CPU-second, %.0f a second: %.2f of the library's%n", perCpuSecond,
                    most.perSecond(), ratio);
            System.out.printf(Locale.ROOT,
                    "at %.0f a second: p99 %.2f ms, %.1f times the library's latency; of /v2/health/live %.2f ms%n",
                    half.perSecond(), half.p99() * 1e3, latency, floor.p99() * 1e3);
            verdict.target(ratio >= LEAST_RATIO, LEAST_RATIO + " of the library's forecasts");
            verdict.target(latency <= MOST_LATENCY, "a p99 of at most " + MOST_LATENCY + " times the library's");
        }
        verdict.exit();
    }

    /** The same requests one by one, in steady state. */
    private static Library library(int seconds) {
        Forecaster forecaster = Forecaster.bundled().fast();
        forecaster.warmUp();
        double[][] history = {Load.series(Load.STEPS)};
        for (int count = 0; count < WARM_UP;) count += run(forecaster, history, 1).count;
        return run(forecaster, history, seconds);
    }

    private static Library run(Forecaster forecaster, double[][] history, double seconds) {
        long cpu = cpuNanos();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        int count = 0;
        for (; System.nanoTime() < end; count++) {
            Forecast forecast = forecaster.forecast(ForecastRequest.of(history).withFrequency(Duration.ofHours(1)));
            if (Double.isNaN(forecast.doubleValues()[0][0])) throw new IllegalStateException("no forecast");
        }
        double latency = (System.nanoTime() - start) / 1e9 / count;
        return new Library(count, count / ((cpuNanos() - cpu) / 1e9), latency);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
