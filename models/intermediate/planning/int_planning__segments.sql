-- Guarantees that segments are ranked by the share of their members who bought and not by their number, or the largest
-- segments would always lead. Those too small to have a share are left out.
with

buyers as (

    select * from {{ ref('crm_segmentation', 'int_planning__buyers') }}

),

contact_calendars as (

    select * from {{ ref('crm_segmentation', 'int_seasons__contact_calendars') }}

),

memberships as (

    select
        segment_memberships.segment_name,
        segment_memberships.contact_id,
        contact_calendars.country_code

    from {{ ref('crm_segmentation', 'segment_memberships') }} as segment_memberships

    inner join contact_calendars on segment_memberships.contact_id = contact_calendars.contact_id

),

sizes as (

    select
        country_code,
        segment_name,
        count(*) as member_count

    from memberships

    group by country_code, segment_name

),

bought as (

    select
        buyers.country_code,
        buyers.season,
        memberships.segment_name,
        count(*) as buyer_count

    from buyers

    inner join memberships on buyers.contact_id = memberships.contact_id

    group by buyers.country_code, buyers.season, memberships.segment_name

),

shares as (

    select
        bought.*,
        sizes.member_count,
        {{ rounded_ratio('bought.buyer_count', 'sizes.member_count', scale=6) }} as buyer_share

    from bought

    inner join sizes on bought.country_code = sizes.country_code and bought.segment_name = sizes.segment_name

    where sizes.member_count >= {{ var('segment_smallest_count') }}

),

segments as (

    select
        *,
        row_number() over (
            partition by country_code, season
            order by buyer_share desc, {{ by_code_point('segment_name') }} asc
        ) as segment_rank

    from shares

)

select * from segments
