import java.time.Duration;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.Judged;
import org.ttm4j.forecast.live.LiveSeries;

/** A sensor that reports every hour: each value is compared with the interval that was forecast for it. */
public final class LiveAnomalies {
    public static void main(String[] arguments) {
        Forecaster forecaster = Forecaster.bundled();
        double[][] past = new double[1][400];
        for (int hour = 0; hour < 400; hour++) past[0][hour] = value(hour);
        ForecastRequest wanted = ForecastRequest.of(past)
                .withFrequency(Duration.ofHours(1))
                .withHorizon(24)
                .withQuantiles(0.01, 0.99);
        LiveSeries live = LiveSeries.of(wanted, 24);
        for (int hour = 400; hour < 600; hour++) {
            for (Judged judged : live.add(forecaster, value(hour))) {
                if (!judged.isAnomaly()) continue;
                System.out.printf("hour %d: %.1f, expected %.1f to %.1f%n", judged.index(), judged.value(),
                        judged.lower(), judged.upper());
            }
        }
    }

    private static double value(int hour) {
        double fault = hour == 580 ? 30 : 0;
        return 50 + 10 * Math.sin(2 * Math.PI * hour / 24) + Math.sin(hour * hour) + fault;
    }
}
