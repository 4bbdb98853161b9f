#pragma once

#include <boost/describe/enum.hpp>

/// Words of the domain that several modules share; the spelling is that of the API, of SQL and of the texts.
namespace shouwen {

/// The way a customer came (渠道).
BOOST_DEFINE_ENUM_CLASS(Channel, phone, chat, web, wechat, email, counter, fax, sms, api)

/// What a request is (诉求类别, D3): 咨询 建议 投诉 求助 报修 业务.
BOOST_DEFINE_ENUM_CLASS(Class, consultation, suggestion, complaint, help, repair, business)

/// 一级 urgent, 二级 important, 三级 general (E5).
BOOST_DEFINE_ENUM_CLASS(Grade, L1, L2, L3)

/// Kinds of obligations (时限义务); see the table of the domain model for debtor and default limit of each.
BOOST_DEFINE_ENUM_CLASS(ObligationKind, respond, triage, start_handling, plan, resolve_or_answer, tell_progress,
                        acknowledge_slip, appoint_and_contact, slip_plan, slip_complete, confirm_slip, route_again,
                        rule_on_slip, explain_plan, answer_hand_over, keep_promise, give_result, close_out, follow_up)

}  // namespace shouwen
