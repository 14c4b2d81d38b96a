package org.ttm4j.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.serve.settings.Settings;

/** {@code ttm watch}: forecasts of the series of a Prometheus, for it to scrape. */
public final class WatchCommand extends Command {
    private static final Set<String> OF_THE_SERVICE = Set.of("--host", "--port", "--token-file", "--anyone", "--tls",
            "--tls-password-file");

    private static final String DETAILS = """
            /metrics of the service that this starts has NAME:predicted with the labels of each series and
            ml_forecast="yhat", "yhat_lower" or "yhat_upper": what is forecast for now, and with ml_ahead="4h" for
            so far ahead; and NAME:anomalous, -1 or 1 where an unusual value lies below or above its forecast, else 0.
            NAME is that of the series, unless the query has one. The history, 2,048 steps, is read from the
            Prometheus, again after a restart. TTM_PROMETHEUS_TOKEN is sent to it as a bearer token. docs/serve.md
            has the configuration of the scrape, and serve/monitoring the rules for alerts.
            """;

    public WatchCommand() {
        super("watch", "--prometheus URL --query Q",
                "forecast series of a Prometheus, and offer the forecasts and what is anomalous for scraping", DETAILS);
    }

    @Override
    public List<Option> options() {
        return join(ServeSettings.WATCH,
                ServeCommand.OPTIONS.stream().filter(option -> OF_THE_SERVICE.contains(option.name())).toList());
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException, InterruptedException {
        if (arguments.optionalOperand() != null) throw new UsageException("expected no operand");
        Settings settings = ServeSettings.of(arguments, console).withStore(null);
        if (settings.background().watch() == null) throw new UsageException("expected --prometheus URL --query Q");
        return ServeCommand.serve(settings, null, console);
    }
}
