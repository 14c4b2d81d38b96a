package org.ttm4j.spark;

import java.io.IOException;
import java.util.Iterator;
import java.util.function.Function;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.ttm4j.data.grid.SeriesBuilder;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.forecast.Execution;
import org.ttm4j.forecast.ForecastJob;
import org.ttm4j.forecast.ForecastResult;
import org.ttm4j.forecast.Forecaster;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Forecasts the series of a partition, some hundreds at a time.
 *
 * @param models the models of the single series; null if all use the same model
 */
record ForecastPartition(ForecastSpec spec,
        GroupModels models) implements MapPartitionsFunction<Tuple2<Row, Points>, Tuple2<Row, Steps>> {
    @Override
    public Iterator<Tuple2<Row, Steps>> call(Iterator<Tuple2<Row, Points>> groups) {
        return models == null ? of(groups, spec.forecaster()) : ofOwnModels(groups);
    }

    private Iterator<Tuple2<Row, Steps>> of(Iterator<Tuple2<Row, Points>> groups, Forecaster forecaster) {
        SeriesBuilder builder = spec.builder();
        ForecastJob<Group> job = new ForecastJob<>(forecaster, mapped(groups, group -> Group.of(group, builder)),
                group -> spec.request(group.series()), Execution.ALONE);
        return mapped(job,
                answer -> new Tuple2<>(answer.source().id,
                        answer.result() instanceof ForecastResult.Failure failure
                                ? Steps.problem(failure.reason())
                                : Steps.of(answer.source().series(), answer.result().orElseThrow(), spec.quantiles())));
    }

    private Iterator<Tuple2<Row, Steps>> ofOwnModels(Iterator<Tuple2<Row, Points>> groups) {
        SeriesBuilder builder = spec.builder();
        return mapped(groups, group -> {
            try {
                TimeSeries series = Group.of(group, builder).series();
                return new Tuple2<>(group._1(),
                        Steps.of(series, models.load(group._1()).forecast(spec.request(series)), spec.quantiles()));
            } catch (IllegalArgumentException | IOException e) {
                return new Tuple2<>(group._1(), Steps.problem(e.getMessage()));
            }
        });
    }

    /** The results of a function, each made when it is asked for. */
    static <A, B> Iterator<B> mapped(Iterator<A> iterator, Function<A, B> function) {
        return CollectionConverters.asJava(CollectionConverters.asScala(iterator).map(function::apply));
    }

    /** The rows of an id; {@code problem} is null if they form a series. */
    private record Group(Row id, TimeSeries points, String problem) {

        static Group of(Tuple2<Row, Points> group, SeriesBuilder builder) {
            try {
                return new Group(group._1(), group._2().series(builder), null);
            } catch (DataException e) {
                return new Group(group._1(), null, e.getMessage());
            }
        }

        TimeSeries series() {
            if (problem != null) throw new IllegalArgumentException(problem);
            return points;
        }
    }
}
