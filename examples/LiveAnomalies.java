import java.time.Duration;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.live.Anomaly;
import org.ttm4j.forecast.live.LiveForecaster;

/** A sensor that reports every hour: each value is compared with the interval that was forecast for it. */
public final class LiveAnomalies {
    public static void main(String[] arguments) {
        Forecaster forecaster = Forecaster.bundled();
        LiveForecaster live = LiveForecaster.combined(forecaster, 1, Duration.ofHours(1), 24, 24, 0.01,
                0.99);
        for (int hour = 0; hour < 600; hour++) {
            float value = (float) (50 + 10 * Math.sin(2 * Math.PI * hour / 24) + Math.sin(hour * hour));
            if (hour == 580) value += 30; // a fault
            for (Anomaly anomaly : live.add(value)) {
                System.out.printf("hour %d: %.1f, expected %.1f to %.1f%n", anomaly.index(), anomaly.value(),
                        anomaly.lower(), anomaly.upper());
            }
        }
    }
}
