import java.nio.file.Path;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;

/** A CSV in, a forecast of the next day with an 80 % interval out: what bin/ttm forecast does, in a program. */
public final class CsvWithQuantiles {
    public static void main(String[] arguments) throws Exception {
        CsvFile csv = CsvReader.read(Path.of(arguments[0]), CsvOptions.defaults());
        csv.report().lines().forEach(line -> System.out.println("repaired: " + line));
        TimeSeries series = csv.series().get(0);

        ForecastRequest request = ForecastRequest.of(series.doubleValues()).withHorizon(24).withQuantiles(0.1, 0.9);
        Forecast forecast = Forecaster.bundled().forecast(request);

        System.out.println("time  " + series.channels().get(0) + "  from  to");
        double[][][] quantiles = forecast.quantiles().orElseThrow().doubleValues(); // level, channel, step
        for (int step = 0; step < forecast.horizon(); step++) {
            System.out.printf("%s  %.1f  %.1f  %.1f%n", series.axis().labelAt(series.length() + (long) step),
                    forecast.doubleValues()[0][step], quantiles[0][0][step], quantiles[1][0][step]);
        }
    }
}
