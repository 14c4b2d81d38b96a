package org.ttm4j.spring;

import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the actuator shows of the forecaster, where the application has an actuator: health and info. Spring Boot 3.5 and 4.0
 * have health in different packages.
 */
@AutoConfiguration(after = TtmAutoConfiguration.class)
@ConditionalOnBean(TtmAutoConfiguration.State.class)
public class TtmActuatorAutoConfiguration {
    /** As of the actuator's own, whose annotation for health is in different packages of Spring Boot 3.5 and 4.0. */
    private static final String HEALTH = "!'false'.equalsIgnoreCase("
            + "'${management.health.ttm4j.enabled:${management.health.defaults.enabled:true}}')";
    private static final String INFO = "!'false'.equalsIgnoreCase("
            + "'${management.info.ttm4j.enabled:${management.info.defaults.enabled:true}}')";

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(InfoContributor.class)
    @ConditionalOnExpression(INFO)
    static class Info {
        @Bean
        InfoContributor ttm4jInfoContributor(TtmAutoConfiguration.State state) {
            return info -> info.withDetail("ttm4j", state.details());
        }
    }

    /** The health of Spring Boot 3.5. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(org.springframework.boot.actuate.health.HealthIndicator.class)
    @ConditionalOnExpression(HEALTH)
    static class Health35 {
        @Bean
        org.springframework.boot.actuate.health.HealthIndicator ttm4jHealthIndicator(TtmAutoConfiguration.State state) {
            return () -> (state.isReady()
                    ? org.springframework.boot.actuate.health.Health.up()
                    : org.springframework.boot.actuate.health.Health.outOfService()).withDetails(state.details())
                    .build();
        }
    }

    /** The health of Spring Boot 4.0. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(org.springframework.boot.health.contributor.HealthIndicator.class)
    @ConditionalOnExpression(HEALTH)
    static class Health40 {
        @Bean
        org.springframework.boot.health.contributor.HealthIndicator ttm4jHealthIndicator(
                TtmAutoConfiguration.State state) {
            return () -> (state.isReady()
                    ? org.springframework.boot.health.contributor.Health.up()
                    : org.springframework.boot.health.contributor.Health.outOfService()).withDetails(state.details())
                    .build();
        }
    }
}
