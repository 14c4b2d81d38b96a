package org.ttm4j.spring;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.ttm4j.forecast.ForecastObserver;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.forecast.Forecaster.WarmedUp;
import org.ttm4j.forecast.ModelChoice;

/**
 * A {@link Forecaster} as {@link TtmProperties} say, unless the application has one of its own. It tells every
 * {@link ForecastObserver} among the beans; where Micrometer is there, one of them measures. Runs on Spring Boot 3.5 and 4.0.
 */
@AutoConfiguration
@EnableConfigurationProperties(TtmProperties.class)
public class TtmAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    Forecaster forecaster(TtmProperties properties, ObjectProvider<ForecastObserver> observers) throws IOException {
        Forecaster forecaster = properties.forecaster();
        for (ForecastObserver observer : observers.orderedStream().toList()) {
            forecaster = ForecastObserver.around(forecaster, observer);
        }
        return forecaster;
    }

    /** What is known of the forecaster of the application. */
    static final class State {
        private final Forecaster forecaster;
        private final boolean warmsUp;
        private volatile WarmedUp warm;

        State(Forecaster forecaster, boolean warmsUp) {
            this.forecaster = forecaster;
            this.warmsUp = warmsUp;
        }

        void warmUp() {
            warm = forecaster.warmUp();
        }

        boolean isReady() {
            return !warmsUp || warm != null;
        }

        Map<String, Object> details() {
            Map<String, Object> details = new TreeMap<>();
            details.put("mode", forecaster.info().mode().toString());
            details.put("models", forecaster.info().models().stream().map(ModelChoice::name).toList());
            if (warm != null) details.put("kernels", warm.kernels());
            return details;
        }
    }

    @Bean
    @ConditionalOnSingleCandidate(Forecaster.class)
    State ttm4jState(Forecaster forecaster, TtmProperties properties) {
        return new State(forecaster, properties.warmUp());
    }

    /** Runs before the application says that it is ready, and before what else runs then. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnSingleCandidate(Forecaster.class)
    @ConditionalOnProperty("ttm4j.warm-up")
    ApplicationRunner ttm4jWarmUp(State state) {
        return arguments -> state.warmUp();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class Metrics {
        /** Measures by Micrometer, under the names that the service has too. */
        @Bean
        ForecastObserver ttm4jMetrics(ObjectProvider<MeterRegistry> registry) {
            return batch -> registry.ifAvailable(meters -> {
                String mode = batch.mode().toString();
                meters.timer("ttm4j.forecast.duration", "mode", mode).record(batch.duration());
                meters.summary("ttm4j.batch.size").record(batch.results().size());
                meters.counter("ttm4j.forecast.refused").increment(batch.refused());
                batch.models()
                        .forEach((model, count) -> meters.counter("ttm4j.forecast.series", "mode", mode, "model", model)
                                .increment(count));
            });
        }
    }
}
