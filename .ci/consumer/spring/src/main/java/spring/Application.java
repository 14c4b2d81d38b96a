package spring;

import org.springframework.boot.Banner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.ttm4j.forecast.Forecaster;

/** A forecaster as a bean, from the nested jars that Spring Boot packs. */
@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        new SpringApplicationBuilder(Application.class).bannerMode(Banner.Mode.OFF).logStartupInfo(false).run(arguments);
    }

    @Bean
    Forecaster forecaster() {
        return Forecaster.bundled();
    }

    @Bean
    CommandLineRunner forecast(Forecaster forecaster) {
        return arguments -> {
            float[][] history = new float[1][512];
            for (int t = 0; t < 512; t++) history[0][t] = (float) Math.sin(2 * Math.PI * t / 24);
            float[] values = forecaster.forecast(history).values()[0];
            double error = 0;
            for (int t = 0; t < values.length; t++) error += Math.abs(values[t] - Math.sin(2 * Math.PI * (512 + t) / 24));
            System.out.printf("%d steps, mean absolute error %.3f%n", values.length, error / values.length);
            if (values.length != 96 || !(error / values.length < 0.2)) throw new IllegalStateException("a poor forecast");
        };
    }
}
