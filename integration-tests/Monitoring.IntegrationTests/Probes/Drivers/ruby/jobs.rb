# The jobs of the Sidekiq driver; the worker loads them.
require "sidekiq"

url = "redis://127.0.0.1:#{ENV.fetch("PORT")}/0"
Sidekiq.configure_client { |config| config.redis = { url: url } }
Sidekiq.configure_server { |config| config.redis = { url: url } }

class Work
  include Sidekiq::Worker

  def perform
  end
end

class Retried
  include Sidekiq::Worker
  sidekiq_options retry: 5
  sidekiq_retry_in { 3600 }

  def perform
    raise "as asked"
  end
end

class Dead
  include Sidekiq::Worker
  sidekiq_options retry: 0

  def perform
    raise "as asked"
  end
end

class Hold
  include Sidekiq::Worker

  def perform
    Sidekiq.redis { |redis| redis.blpop("release", timeout: 120) }
  end
end
