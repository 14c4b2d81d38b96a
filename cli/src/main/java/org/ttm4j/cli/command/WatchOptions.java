package org.ttm4j.cli.command;

import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.forecast.live.AnomalySearch;
import org.ttm4j.serve.settings.Settings.WatchSettings;

/** The options for the series of a Prometheus. */
final class WatchOptions {
    static final Option PROMETHEUS = new Option("--prometheus", "URL",
            "forecast series of this Prometheus, such as http://localhost:9090");
    static final List<Option> ALL = List.of(PROMETHEUS,
            Option.repeatable("--query", "Q",
                    "the series, in PromQL; NAME=Q names their forecasts; give it once for each"),
            new Option("--horizon", "TIME", "how far forecasts reach, such as 1d (default: 1d)"),
            new Option("--every", "TIME", "time from one forecast to the next (default: 10m)"),
            new Option("--step", "TIME", "time between two values (default: --every)"),
            new Option("--ahead", "TIME,…", "offer forecasts for so far ahead too (default: 1h,4h within the horizon)"),
            new Option("--level", "P", "the share of values that intervals are to hold (default: 0.99)"),
            new Option("--most-series", "N", "series at most (default: 1000)"));

    private static final Pattern NAMED = Pattern.compile("\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*=([^=~].*)",
            Pattern.DOTALL);
    private static final Pattern TIME = Pattern.compile("([1-9]\\d{0,8})([smhdw])");
    private static final Map<String, ChronoUnit> UNITS = Map.of("s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h",
            ChronoUnit.HOURS, "d", ChronoUnit.DAYS, "w", ChronoUnit.WEEKS);
    private static final int USUAL_MOST = 1000;

    private WatchOptions() {}

    /** What they say; null without a Prometheus. */
    static WatchSettings of(Arguments arguments) throws UsageException {
        String address = arguments.text(PROMETHEUS.name());
        List<String> texts = arguments.all("--query");
        if (address == null) {
            for (Option option : ALL) {
                if (arguments.all(option.name()).isEmpty()) continue;
                throw new UsageException(option.name() + ": expected --prometheus URL");
            }
            return null;
        }
        List<WatchSettings.Query> queries = new ArrayList<>();
        for (String text : texts) {
            Matcher named = NAMED.matcher(text);
            queries.add(named.matches()
                    ? new WatchSettings.Query(named.group(1), named.group(2).strip())
                    : new WatchSettings.Query(null, text));
        }
        if (queries.isEmpty()) throw new UsageException("--prometheus: expected --query Q");
        Duration every = time("--every", arguments.text("--every"), Duration.ofMinutes(10));
        Duration horizon = time("--horizon", arguments.text("--horizon"), Duration.ofDays(1));
        Duration step = time("--step", arguments.text("--step"), every);
        List<Duration> ahead = new ArrayList<>();
        for (String text : arguments.list("--ahead")) ahead.add(time("--ahead", text, null));
        if (ahead.isEmpty()) {
            for (int hours : new int[]{1, 4}) {
                Duration usual = Duration.ofHours(hours);
                if (usual.compareTo(horizon) <= 0 && usual.compareTo(step) >= 0) ahead.add(usual);
            }
        }
        try {
            return new WatchSettings(address(address), System.getenv("TTM_PROMETHEUS_TOKEN"), queries, step, every,
                    horizon, ahead, arguments.number("--level", AnomalySearch.USUAL_LEVEL, AnomalySearch.LEAST_LEVEL,
                            AnomalySearch.MOST_LEVEL),
                    arguments.integer("--most-series", USUAL_MOST, 1, 1_000_000));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }

    private static URI address(String text) throws UsageException {
        if (text.matches("https?://[^\\s/?#@]+(/[^\\s?#]*)?")) {
            try {
                return URI.create(text);
            } catch (IllegalArgumentException notOne) {
                // Said below.
            }
        }
        throw new UsageException(
                "--prometheus: expected an address such as http://localhost:9090, found " + Printable.quoted(text));
    }

    private static Duration time(String option, String text, Duration otherwise) throws UsageException {
        if (text == null) return otherwise;
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new UsageException(
                    option + ": expected a time such as 30s, 10m, 4h, 1d or 1w, found " + Printable.quoted(text));
        }
        return UNITS.get(time.group(2)).getDuration().multipliedBy(Long.parseLong(time.group(1)));
    }
}
