package io.gatehouse.internal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading {@code <distributable/>} from web.xml. */
class DeploymentDescriptorTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<web-app><distributable/></web-app>",
                "<?xml version='1.0'?><web-app xmlns='https://jakarta.ee/xml/ns/jakartaee'><display-name>x</display-name>"
                        + "<distributable></distributable></web-app>",
                "<j:web-app xmlns:j='https://jakarta.ee/xml/ns/jakartaee'><j:distributable/></j:web-app>",
                "<!DOCTYPE web-app PUBLIC '-//Sun Microsystems, Inc.//DTD Web Application 2.3//EN'"
                        + " 'http://java.sun.com/dtd/web-app_2_3.dtd'><web-app><distributable/></web-app>"
            })
    void recognizesADistributableApplication(String xml) {
        assertThat(isDistributable(xml)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<web-app/>",
                "<web-app><!-- <distributable/> --><display-name>distributable</display-name></web-app>",
                "<web-app><jsp-config><distributable/></jsp-config></web-app>",
                "<distributable/>",
                "<web-app><distributable",
                "",
                "no XML",
                "<!DOCTYPE web-app [<!ENTITY d SYSTEM 'file:///etc/hostname'>]><web-app><display-name>&d;</display-name></web-app>"
            })
    void treatsAnyOtherDescriptorAsNotDistributable(String xml) {
        assertThat(isDistributable(xml)).isFalse();
    }

    @Test
    void treatsAMissingOrUnreadableDescriptorAsNotDistributable() {
        assertThat(DeploymentDescriptor.isDistributable(path -> null)).isFalse();
        assertThat(DeploymentDescriptor.isDistributable(path -> new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("broken");
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        throw new IOException("broken");
                    }
                }))
                .isFalse();
    }

    private static boolean isDistributable(String xml) {
        return DeploymentDescriptor.isDistributable(path -> path.equals("/WEB-INF/web.xml")
                ? new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))
                : null);
    }
}
