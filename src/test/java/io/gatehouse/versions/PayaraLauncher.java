package io.gatehouse.versions;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Runs the Payara Micro of the class path. Deploys a WAR for each line of its standard input that starts with {@code deploy}, undeploys it
 * for {@code undeploy}, and prints {@code done: } and the line if it did.
 */
final class PayaraLauncher {
    private PayaraLauncher() {}

    /**
     * Runs the server.
     *
     * @param arguments the file of the WAR, and the arguments of Payara Micro
     */
    public static void main(String[] arguments) throws Exception {
        File war = new File(arguments[0]);
        String name = war.getName().replace(".war", "");
        Object payara = Class.forName("fish.payara.micro.boot.PayaraMicroLauncher")
                .getMethod("create", String[].class)
                .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
        Object runtime = Class.forName("fish.payara.micro.boot.PayaraMicroBoot")
                .getMethod("getRuntime")
                .invoke(payara);
        Class<?> type = Class.forName("fish.payara.micro.PayaraMicroRuntime");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            boolean done = true;
            if (line.startsWith("deploy")) {
                done = Boolean.TRUE.equals(type.getMethod("deploy", String.class, String.class, File.class)
                        .invoke(runtime, name, name, war));
            } else {
                type.getMethod("undeploy", String.class).invoke(runtime, name);
            }
            System.out.println((done ? "done: " : "failed: ") + line);
        }
    }
}
