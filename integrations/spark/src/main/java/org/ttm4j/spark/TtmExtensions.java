package org.ttm4j.spark;

import java.io.Serializable;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import scala.Function2;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Registers {@link TtmForecastFunction} in every session, for SQL, Scala, Java and Python: start Spark with
 * {@code --conf spark.sql.extensions=org.ttm4j.spark.TtmExtensions} and the jars of the library. In a running session,
 * {@link #register} does the same.
 */
public final class TtmExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    private static final String NAME = "ttm_forecast";

    public static void register(SparkSession spark) {
        spark.udf().register(NAME, new TtmForecastFunction(), TtmForecastFunction.TYPE);
    }

    /** Called by Spark. */
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        ExpressionInfo info = new ExpressionInfo(TtmForecastFunction.class.getName(), NAME);
        extensions.injectFunction(new Tuple3<>(new FunctionIdentifier(NAME), info, TtmExtensions::expression));
        return BoxedUnit.UNIT;
    }

    private static Expression expression(Seq<Expression> arguments) {
        if (arguments.size() != 2) {
            throw new IllegalArgumentException(
                    NAME + ": expected a series and a horizon, found " + arguments.size() + " arguments");
        }
        TtmForecastFunction forecast = new TtmForecastFunction();
        Seq<Option<ExpressionEncoder<?>>> encoders = scala.collection.immutable.List$.MODULE$.empty();
        return new ScalaUDF((Function2<Object, Object, Object> & Serializable) forecast::call, TtmForecastFunction.TYPE,
                arguments, encoders, Option.empty(), Option.apply(NAME), true, true);
    }
}
