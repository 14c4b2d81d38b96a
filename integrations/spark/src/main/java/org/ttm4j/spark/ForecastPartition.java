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
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Forecasts the series of a partition, some hundreds at a time. The resulting rows are {@link Steps}.
 *
 * @param models the models of the single series; null if all use the same model
 */
record ForecastPartition(ForecastSpec spec,
        GroupModels models) implements MapPartitionsFunction<Tuple2<Row, Points>, Row> {
    @Override
    public Iterator<Row> call(Iterator<Tuple2<Row, Points>> groups) {
        SeriesBuilder builder = spec.builder();
        Iterator<Group> read = mapped(groups, group -> Group.of(group, builder));
        if (models != null) return mapped(read, this::byItsOwnModel);
        ForecastJob<Group> job = new ForecastJob<>(spec.forecaster(), read, group -> spec.request(group.series()),
                Execution.ALONE);
        return mapped(job,
                answer -> answer.result() instanceof ForecastResult.Failure failure
                        ? Steps.problem(answer.source().id, failure.reason())
                        : Steps.of(answer.source().id, answer.source().points, answer.result().orElseThrow(),
                                spec.quantiles()));
    }

    private Row byItsOwnModel(Group group) {
        try {
            return Steps.of(group.id, group.series(), models.load(group.id).forecast(spec.request(group.series())),
                    spec.quantiles());
        } catch (IllegalArgumentException | IOException e) {
            return Steps.problem(group.id, e.getMessage());
        }
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
            } catch (DataException | IllegalArgumentException e) {
                return new Group(group._1(), null, e.getMessage());
            }
        }

        TimeSeries series() {
            if (problem != null) throw new IllegalArgumentException(problem);
            return points;
        }
    }
}
