using System.Collections;
using System.Net;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Alerts;
using Monitoring.Alerts.Notifiers;
using Monitoring.DependencyInjection;

namespace Monitoring.AspNetCore.Tests.Config;

/// <summary>Puts a word into every text of every option there is, and looks which of them come out.</summary>
public sealed class ConfigSecretsTests
{
    // Whoever adds a text to options either hides it by its name (see SettingsRedaction) or writes it down here.
    private static readonly string[] MayBeShown =
    [
        "Name", "Host", "UserName", "From", "To", "AuthorityFile", "AllowedHosts", "ChannelId", "Labels", "ReaderPolicy", "AdminPolicy",
    ];

    [Fact]
    public void No_text_of_any_options_is_shown_unless_it_is_on_the_list()
    {
        (Type Type, System.Text.Json.Serialization.Metadata.JsonTypeInfo Json)[] all =
        [
            .. typeof(NotifierOptions).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(NotifierOptions)) && !type.IsAbstract).Select(static type => (type, SettingsJson.Default.GetTypeInfo(type)!)),
            (typeof(MonitoringApiOptions), Json.ApiSettingsJson.Default.MonitoringApiOptions),
        ];
        all.Should().HaveCountGreaterThanOrEqualTo(7);
        all.Should().OnlyContain(static one => one.Json != null);

        foreach (var (type, json) in all)
        {
            var options = Activator.CreateInstance(type)!;
            var words = Fill(options, type.Name);
            var shown = SettingsRedaction.Of(JsonSerializer.SerializeToNode(options, json), json)!.ToJsonString();

            words.Where(word => shown.Contains(word.Value, StringComparison.Ordinal)).Select(word => word.Key).Should().BeSubsetOf(MayBeShown, "of {0}", type.Name);
            words.Keys.Where(static name => name is "Url" or "Secret" or "PreviousSecrets" or "Password" or "BearerToken" or "Token" or "ReaderKey" or "AdminKey" or "GeneratorUrl")
                .Where(name => shown.Contains(words[name], StringComparison.Ordinal)).Should().BeEmpty("of {0}", type.Name);
        }
    }

    [Theory]
    [InlineData("redis:6379,password=hunter2,ssl=true")]
    [InlineData("Host=db;Username=app;Password=hunter2")]
    [InlineData("amqp://app:hunter2@broker/")]
    public void Credentials_inside_another_text_are_hidden_too(string text)
    {
        var options = new MonitoringOptions();
        options.Alerts.Rules.Add(new AlertRuleOptions { Name = "a", Message = text });

        SettingsRedaction.Of(JsonSerializer.SerializeToNode(options, SettingsJson.Default.MonitoringOptions), SettingsJson.Default.MonitoringOptions)!.ToJsonString()
            .Should().NotContain("hunter2");
    }

    [Fact]
    public async Task Channels_are_shown_without_what_they_keep_secret()
    {
        await using var host = await MonitoringHost.StartAsync(MonitoringHost.BothKeys, services: static services =>
        {
            var builder = services.AddMonitoring();
            builder.AddSlack(static slack => slack.Url = "https://hooks.slack.com/services/T0/B0/slacksecret");
            builder.AddWebhook("https://receiver.example/webhooksecret", "webhook-secret-0123456789-0123456789");
            builder.AddEmail(static mail =>
            {
                mail.Host = "mail.example";
                mail.From = "a@example.org";
                mail.To.Add("b@example.org");
                mail.UserName = "mailer";
                mail.Password = "mailsecret";
            });
        });

        var (status, config) = await host.AskAsync("config");

        status.Should().Be(HttpStatusCode.OK);
        var text = config.ToString();
        text.Should().Contain("mail.example").And.Contain("redacted");
        text.Should().NotContainAny("slacksecret", "webhooksecret", "webhook-secret", "mailsecret", MonitoringHost.ReaderKey, MonitoringHost.AdminKey);

        var (refused, problem) = await host.AskAsync(HttpMethod.Put, "config", """{"Api": {"ReaderKey": "a-new-key-0123456789"}, "Alerts": {"AddEmail #3": {"Password": "anothersecret"}}}""");
        refused.Should().Be(HttpStatusCode.BadRequest);
        problem.ToString().Should().NotContainAny("mailsecret", "anothersecret", "a-new-key");
    }

    private static Dictionary<string, string> Fill(object options, string path)
    {
        var words = new Dictionary<string, string>();
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var word = $"word-{path}-{property.Name}-word";
            if (property.PropertyType == typeof(string) && property.CanWrite)
            {
                property.SetValue(options, word);
                words[property.Name] = word;
            }
            else if (property.GetValue(options) is IList<string> list)
            {
                list.Add(word);
                words[property.Name] = word;
            }
            else if (property.GetValue(options) is IDictionary table && property.PropertyType.GenericTypeArguments is [_, var value] && value == typeof(string))
            {
                table["entry"] = word;
                words[property.Name] = word;
            }
        }

        return words;
    }
}
