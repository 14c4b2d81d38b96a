package org.ttm4j.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.ttm4j.cli.columns.ColumnRoles;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.columns.TableQuery;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.jdbc.TableForecast;

/**
 * {@code ttm forecast} from a query into a table and nowhere else: some hundreds of series are in memory at a time. What
 * needs all of them, or more than the columns of the query, is for {@link ForecastCommand}.
 *
 * @param wanted by each request, without its quantiles
 */
record ForecastIntoTable(Forecaster forecaster, UnaryOperator<ForecastRequest> wanted, ForecastQuantiles quantiles) {
    private static final List<String> MORE = List.of("--out", "--cv", "--samples", "--total", "--hierarchy",
            "--components", "--fill", "--open", "--future", "--time", "--id", "--date-format");

    /** Whether a command line asks for a table alone. */
    static boolean isAsked(Arguments arguments, ColumnRoles roles) throws UsageException {
        String plot = arguments.text("--plot");
        return arguments.flag("--jdbc") && arguments.flag(ForecastOutputs.INTO.name()) && roles.named().isEmpty()
                && (plot == null || plot.equals("none")) && MORE.stream().noneMatch(arguments::flag);
    }

    /** Whether the model needs nothing but the values, and makes the quantiles by itself. */
    boolean suits() {
        return forecaster.info().canCombine()
                && (quantiles.levels().length == 0 || forecaster.info().makesQuantiles(quantiles.levels()));
    }

    int run(Arguments arguments, Console console) throws IOException {
        TableForecast forecast = new TableForecast(forecaster, request -> quantiles.wanted(wanted.apply(request)));
        TableForecast.Result result = TableQuery.of(arguments, console)
                .forecast(forecast, SeriesOptions.of(arguments).times(), arguments.flag(ForecastSums.MEAN.name()),
                        console, quantiles.levels());
        List<String> problems = result.problems();
        if (result.series() == 0) {
            throw new CommandException(problems.isEmpty() ? "query: it returns no rows" : problems.get(0));
        }
        console.say(String.format(Locale.ROOT, "table %s: %,d rows", arguments.text(ForecastOutputs.INTO.name()),
                result.rows()));
        console.sayProblems(problems, "series more could not be forecast");
        return problems.isEmpty() ? Command.OK : Command.FAILED;
    }
}
