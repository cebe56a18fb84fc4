with

destinations as (

    {{ active_destinations() | indent(4) }}

),

destination_ways as (

    select distinct
        channel,
        identifier

    from destinations

),

channels as (

    select distinct channel from {{ ref('crm_segmentation', 'int_audiences__channel_states') }}

),

-- A channel without a destination is reached by what it goes by its nature.
identifiers as (

    select
        channels.channel,
        destination_ways.identifier is not null as has_destination,
        coalesce(
            destination_ways.identifier,
            case
                when channels.channel in ('email', 'phone') then channels.channel
                when channels.channel = 'sms' then 'phone'
                when channels.channel in ('ads', 'social') then 'email_or_phone'
                else 'contact_id'
            end
        ) as identifier

    from channels

    left join destination_ways on channels.channel = destination_ways.channel

),

ways as (

    select
        channel,
        identifier,
        has_destination,
        identifier in ('email', 'email_or_phone') as goes_by_email,
        identifier in ('phone', 'email_or_phone') as goes_by_phone

    from identifiers

)

select * from ways
