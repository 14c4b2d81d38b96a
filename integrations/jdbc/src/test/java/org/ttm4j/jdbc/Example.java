package org.ttm4j.jdbc;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.grid.SeriesBuilder;
import org.ttm4j.data.series.TimeAxis;
import org.ttm4j.data.series.TimeFormat;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.data.time.TimeOptions;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.ModelForecaster;
import org.ttm4j.ttm.fixtures.ExampleResult;

/** The example of the module: see {@code integrations/jdbc/example}, which runs it. */
final class Example {
    private static final int SERIES = 1000;
    private static final int LENGTH = 512;
    private static final String QUERY = "select id, time, load from readings order by id, time";

    private final PrintStream progress = System.err;
    private final Database database;
    private final ModelForecaster forecaster = Forecaster.bundled().fast();

    private Example(Database database) {
        this.database = database;
    }

    public static void main(String[] arguments) throws Exception {
        PostgresServer server = PostgresServer.startIfInstalled();
        Path folder = Files.createTempDirectory("ttm-example");
        boolean equal;
        try {
            Database database = server == null
                    ? Database.of("jdbc:duckdb:" + folder.resolve("example.duckdb"))
                    : Database.of(server.url())
                            .withProperties(Map.of("user", PostgresServer.USER, "password", PostgresServer.PASSWORD));
            equal = new Example(database).run(Path.of(arguments[0]));
        } finally {
            if (server != null) server.remove();
            Files.deleteIfExists(folder.resolve("example.duckdb"));
            Files.delete(folder);
        }
        System.exit(equal ? 0 : 1);
    }

    private boolean run(Path samples) throws IOException, SQLException {
        List<TimeSeries> series = new ArrayList<>();
        for (int i = 0; i < SERIES; i++) series.add(generated(i));
        TimeSeries sample = CsvReader.read(samples.resolve("hourly-load.csv"), CsvOptions.defaults()).series().get(0);
        series.add(new TimeSeries("sample", List.of("load"), sample.axis(), new double[][]{sample.doubleChannel(0)}));
        progress.println("writing " + series.size() + " series into " + database);
        fill(series);
        forecaster.warmUp();

        progress.println("forecasting in process");
        Map<String, float[]> expected = new HashMap<>();
        long start = System.nanoTime();
        for (int from = 0; from < series.size(); from += 256) {
            List<TimeSeries> batch = series.subList(from, Math.min(series.size(), from + 256));
            List<ForecastResult> results = forecaster.forecastAll(batch.stream().map(Example::request).toList(),
                    Execution.ALONE.withExecutor(ForkJoinPool.commonPool()));
            for (int i = 0; i < batch.size(); i++) {
                expected.put(batch.get(i).id(), results.get(i).orElseThrow().values()[0]);
            }
        }
        double inProcess = series.size() / seconds(start);

        double rate = 0;
        for (String run : List.of("first", "second")) {
            progress.println("forecasting from table to table, " + run + " time");
            start = System.nanoTime();
            TableForecast.Result result = forecast();
            rate = result.series() / seconds(start);
            if (!result.problems().isEmpty()) throw new IllegalStateException(result.problems().get(0));
        }
        return report(expected, inProcess, rate);
    }

    private TableForecast.Result forecast() throws IOException, SQLException {
        try (Connection reading = database.connect();
                Connection writing = database.connect();
                SeriesCursor cursor = new SeriesCursor(reading, QUERY);
                ForecastWriter writer = new ForecastWriter(writing, "forecasts", cursor.columns())) {
            return new TableForecast(forecaster, request -> request).run(cursor, writer);
        }
    }

    private boolean report(Map<String, float[]> expected, double inProcess, double rate)
            throws IOException, SQLException {
        double difference = 0;
        int forecasts = 0;
        String engine;
        try (Connection connection = database.connect();
                SeriesCursor cursor = new SeriesCursor(connection,
                        "select id, time, load from forecasts order by id, time")) {
            DatabaseMetaData data = connection.getMetaData();
            engine = data.getDatabaseProductName().toLowerCase(Locale.ROOT) + " "
                    + data.getDatabaseProductVersion().split(" ")[0];
            for (TimeSeries written = cursor.next(); written != null; written = cursor.next()) {
                float[] direct = expected.get(written.id());
                if (direct.length != written.length()) throw new IllegalStateException(written.id());
                for (int step = 0; step < direct.length; step++) {
                    difference = Math.max(difference, Math.abs(direct[step] - written.channel(0)[step]));
                }
                forecasts++;
            }
        }
        System.out.println(line(engine, expected.size(), forecasts, difference, rate, inProcess));
        return difference == 0 && forecasts == expected.size();
    }

    /** What is printed in the end. */
    static String line(String engine, int series, int forecasts, double difference, double rate, double inProcess) {
        return new ExampleResult(engine, series, forecasts, difference, rate, inProcess, Double.NaN).line();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static ForecastRequest request(TimeSeries series) {
        return ForecastRequest.of(series.values())
                .withFrequency(series.axis().frequency().toTemporalAmount().orElseThrow());
    }

    /** Days, weeks and noise. */
    private static TimeSeries generated(int number) throws IOException {
        Random random = new Random(number);
        SeriesBuilder builder = new SeriesBuilder("generated", "time", List.of("load"),
                new TimeFormat("uuuu-MM-dd HH:mm:ss", ZoneOffset.UTC), TimeOptions.UNKNOWN);
        double day = 5 + 10 * random.nextDouble();
        double week = 5 * random.nextDouble();
        for (int hour = 0; hour < LENGTH; hour++) {
            double value = 50 + day * Math.sin(hour * Math.PI / 12) + week * Math.sin(hour * Math.PI / 84)
                    + random.nextGaussian();
            builder.add(1_767_225_600_000L + hour * 3_600_000L, (float) value);
        }
        return builder.build(String.format(Locale.ROOT, "meter %04d", number));
    }

    private void fill(List<TimeSeries> all) throws IOException, SQLException {
        try (Connection connection = database.connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create table readings (id text, time timestamp, load real)");
            }
            connection.setAutoCommit(false);
            for (TimeSeries series : all) insert(connection, series);
            connection.commit();
        }
    }

    private static void insert(Connection connection, TimeSeries series) throws SQLException {
        for (int from = 0; from < series.length(); from += LENGTH) {
            int count = Math.min(LENGTH, series.length() - from);
            try (PreparedStatement insert = connection
                    .prepareStatement("insert into readings values (?, ?, ?)" + ", (?, ?, ?)".repeat(count - 1))) {
                for (int i = 0; i < count; i++) {
                    LocalDateTime time = TimeAxis.local(series.axis().timeAt(from + i));
                    insert.setString(3 * i + 1, series.id());
                    insert.setObject(3 * i + 2, time);
                    float value = series.channel(0)[from + i];
                    insert.setObject(3 * i + 3, Float.isNaN(value) ? null : value, java.sql.Types.REAL);
                }
                insert.executeUpdate();
            }
        }
    }
}
