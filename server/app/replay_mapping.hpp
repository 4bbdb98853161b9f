#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "base/words.hpp"
#include "base/zone.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Boston's 311 cases as our tickets. Pure.
namespace shouwen::app {

inline constexpr std::array<std::string_view, 17> historic_columns{
    "CASE_ENQUIRY_ID", "OPEN_DT",      "TARGET_DT",        "CLOSED_DT",     "OnTime_Status", "CASE_STATUS",
    "CLOSURE_REASON",  "CASE_TITLE",   "SUBJECT",          "REASON",        "TYPE",          "QUEUE",
    "Department",      "neighborhood", "LOCATION_ZIPCODE", "Property_Type", "Source"};

inline constexpr std::string_view historic_zone = "America/New_York";

/// Nothing when the header is the known one; else what differs.
std::optional<std::string> foreign_header(std::span<const std::string> header);

struct HistoricTicket {
    std::int64_t line = 0;
    std::string case_id;
    Channel channel = Channel::phone;
    Class class_ = Class::help;
    Grade grade = Grade::L3;
    std::string category;
    std::string department;
    std::string area;  ///< empty: not known
    std::string subject;
    std::string content;
    std::string demand;
    std::string result;
    Instant opened_at;
    /// When somebody took it up; not in the data, so made of the number: minutes after the opening, the closing at the latest.
    Instant taken_at;
    std::optional<Instant>
        target_at;  ///< what the city aimed at, when it lies after `taken_at`: our promise to the customer
    std::optional<Instant> closed_at;  ///< none: open to this day
    /// Done while it was taken up, as no complaint may be: no solution to agree on, the answer was the result.
    bool at_first_contact = false;
};

/// A row that cannot be a ticket, or contradicts itself.
struct RowFault {
    std::int64_t line = 0;
    std::string case_id;  ///< empty: not even that is known
    std::string reason;
};

/// @param zone  whose wall clock the times were read from
Result<HistoricTicket, RowFault> map_row(std::int64_t line, std::span<const std::string> row, const Zone& zone);

/// `2015-01-01 00:20:09`
std::optional<LocalTime> parse_local_time(std::string_view text);
std::optional<Channel> channel_of_source(std::string_view source);
/// By the words of its SUBJECT, REASON and TYPE.
Class class_of_words(std::string_view words);
/// By the time that the city gave itself; without one: general.
Grade grade_of(Instant opened_at, std::optional<Instant> target_at);

}  // namespace shouwen::app
