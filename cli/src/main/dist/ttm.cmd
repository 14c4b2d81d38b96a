@echo off
rem TTM4J's command line for Windows: needs Java 21 or newer, from JAVA_HOME or the PATH.
rem TTM_JAVA_OPTIONS holds more options for the JVM, such as -Xmx4g.
setlocal
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME:"=%\bin\java"
"%java%" -Xlog:disable --add-modules jdk.incubator.vector %TTM_JAVA_OPTIONS% -jar "%~dp0..\ttm.jar" %*
exit /b %ERRORLEVEL%
