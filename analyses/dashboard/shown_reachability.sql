-- How many may be contacted on each channel, and why may the others not? Channels that have a consent of their own: the others
-- follow one of these, so that their figures would tell what is hidden here.
with

own_channels as (

    select distinct channel
    from {{ ref('crm_segmentation', 'contact_consents') }}

),

outcomes as (

    select
        reachability.contact_id,
        coalesce(channel_labels.label, {{ crm_segmentation.in_words('reachability.channel') }}) as channel,
        case
            when reachability.may_be_contacted then 'May be contacted'
            when reachability.held_back_reason in ('bounced', 'no_identifier') then 'Said yes, but no address works'
            when reachability.held_back_reason = 'no_consent' then 'Never asked'
            else 'Said no'
        end as outcome

    from {{ ref('crm_segmentation', 'contact_reachability') }} as reachability

    inner join own_channels on reachability.channel = own_channels.channel

    left join {{ ref('crm_segmentation', 'code_labels') }} as channel_labels
        on channel_labels.code_kind = 'channel' and reachability.channel = channel_labels.code

    where coalesce(reachability.held_back_reason, 'none') != 'erased'

)

select
    channel,
    outcome,
    case outcome
        when 'May be contacted' then 0
        when 'Said yes, but no address works' then 1
        when 'Never asked' then 2
        else 3
    end as outcome_order,
    count(*) as contact_count
from outcomes
group by channel, outcome
order by channel asc, outcome_order asc
