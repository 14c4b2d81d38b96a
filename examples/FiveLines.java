import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.Forecaster;

/** The shortest use of the library: a history in, a forecast out. */
public final class FiveLines {
    public static void main(String[] arguments) {
        float[] load = new float[500]; // hourly values; NaN = missing
        for (int t = 0; t < load.length; t++) load[t] = (float) (100 + 20 * Math.sin(2 * Math.PI * t / 24));

        Forecaster forecaster = Forecaster.bundled();
        Forecast forecast = forecaster.forecast(new float[][]{load}); // channels × time
        float[] next = forecast.values()[0];

        System.out.printf("%d steps, the first %.1f%n", next.length, next[0]);
        forecast.notes().forEach(note -> System.out.println("note: " + note));
    }
}
