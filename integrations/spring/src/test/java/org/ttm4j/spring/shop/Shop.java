package org.ttm4j.spring.shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.ttm4j.forecast.Forecaster;

/** An application with a forecast in an endpoint. */
@SpringBootApplication
@RestController
public class Shop {
    private final Forecaster forecaster;

    Shop(Forecaster forecaster) {
        this.forecaster = forecaster;
    }

    @GetMapping("/forecast")
    float[] sales() {
        return forecaster.forecast(new float[][]{history()}, 48).values()[0];
    }

    /** Sales of some weeks of hours. */
    public static float[] history() {
        float[] history = new float[600];
        for (int i = 0; i < history.length; i++) history[i] = 100 + 30 * (float) Math.sin(i * Math.PI / 12) + i % 7;
        return history;
    }

    /** Starts it. */
    public static void main(String[] args) {
        SpringApplication.run(Shop.class, args);
    }
}
