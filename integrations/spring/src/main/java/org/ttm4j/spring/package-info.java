/** A forecaster as a bean of Spring Boot: {@link org.ttm4j.spring.TtmAutoConfiguration}. */
package org.ttm4j.spring;
