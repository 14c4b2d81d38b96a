/**
 * Float32 kernels. Each exists as a plain reference loop, as tuned plain Java and, where that is faster, on the JDK
 * Vector API.
 *
 * <p>This descriptor does not require jdk.incubator.vector, because that module is optional and because javac would
 * warn in every module that requires this one. The compiler reads it by a flag (engine/pom.xml), and at run time
 * KernelSelection adds the read edge if the module is present.
 */
module org.ttm4j.engine {
    requires static jdk.management;

    exports org.ttm4j.engine;
    exports org.ttm4j.engine.kernel;
    exports org.ttm4j.engine.reference;
}
