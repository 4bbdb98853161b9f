#include "platform/http/exchange.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

namespace shouwen::http {

template <class Handler>
struct Exchange::WaiterOf final : Waiter {
    explicit WaiterOf(Handler resumed) : handler(std::move(resumed)) {}
    void resume() override { std::move(handler)(); }
    Handler handler;
};

void Exchange::wake()
{
    // Not called in place: the answer may come from within another connection's handler.
    if (waiter_) asio::post(loop_->executor(), [waiter = std::move(waiter_)] { waiter->resume(); });
}

void Exchange::answer(Answer answer)
{
    if (answered_.exchange(true)) return;
    if (loop_->is_this_thread()) return arrive(std::move(answer));
    auto shared = std::make_shared<Answer>(std::move(answer));
    loop_->post([self = shared_from_this(), shared] { self->arrive(std::move(*shared)); });
}

void Exchange::arrive(Answer answer)
{
    if (arrived_) return;
    arrived_ = true;
    answer_ = std::move(answer);
    wake();
}

void Exchange::cancel()
{
    answered_ = true;
    if (arrived_) return;
    arrived_ = true;
    wake();
}

Task<std::optional<Exchange::Answer>> Exchange::wait()
{
    if (!arrived_) {
        TaskToken token;
        co_await asio::async_initiate<TaskToken, void()>(
            [this](auto handler) { waiter_ = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler)); },
            token);
    }
    co_return std::move(answer_);
}

}  // namespace shouwen::http
