package shop;

import io.gatehouse.versions.Journal;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** An application whose users log in by Spring Security. */
@SpringBootApplication
public class ShopApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(ShopApplication.class, arguments);
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.csrf(csrf -> csrf.disable())
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .formLogin(form -> form.loginPage("/login")
                        .usernameParameter("user")
                        .successHandler((request, response, authentication) -> response.setStatus(200))
                        .failureHandler((request, response, failure) -> response.setStatus(401)))
                .logout(logout ->
                        logout.logoutSuccessHandler((request, response, authentication) -> response.setStatus(200)))
                .build();
    }

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                User.withUsername("ada").password("{noop}open sesame").build(),
                User.withUsername("eve").password("{noop}open sesame").build());
    }

    @Bean
    Journal journal() {
        return new Journal();
    }
}
