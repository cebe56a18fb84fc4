-- One test for all destinations: a key that stands twice would be two people in one, and an exit that is no member must say so.
{%- set model_keys = {} %}
{%- for destination in chosen_destinations() %}
{%- for kind in ['contacts', 'changes'] %}
{%- do model_keys.update({'audience_' ~ destination ~ '__' ~ kind: [audience_key(destination).key]}) %}
{%- endfor %}
{%- endfor %}

with

destinations as (

    {{ active_destinations() | indent(4) }}

),

-- Destinations that share channel and identifier share their rows: one of each tells.
told_apart as (

    select min(destination) as destination
    from destinations
    group by channel, identifier

){% if model_keys %},

broken_audience_keys as (

    {{ broken_keys(model_keys) | indent(4) }}

){% endif %}

select
    'the key is null or stands more than once, or it is not said whether and why somebody is held back' as problem,
    'audience_members' as model_name,
    count(*) as row_count
from {{ ref('crm_segmentation', 'audience_members') }} as members
inner join told_apart on members.destination = told_apart.destination
group by members.destination, members.segment_name, members.contact_id
having
    count(*) > 1
    or members.destination is null
    or members.segment_name is null
    or members.contact_id is null
    or max(case when members.is_eligible = (members.held_back_reason is null) then 0 else 1 end) = 1
{% if model_keys %}
union all

select
    'the key is null or stands more than once' as problem,
    model_name,
    row_count
from broken_audience_keys
{%- endif %}
{%- for destination in chosen_destinations() %}
union all

select
    'no moment, no hash, or a change_type that is_member contradicts' as problem,
    'audience_{{ destination }}__changes' as model_name,
    count(*) as row_count
from {{ ref('crm_segmentation', 'audience_' ~ destination ~ '__changes') }}
where
    updated_at is null
    or row_hash is null
    or change_type not in ('entered', 'updated', 'exited')
    or is_member != (change_type != 'exited')
having count(*) > 0
{% endfor %}
{%- for destination in chosen_destinations() %}
{%- for column in audience_key(destination).identifiers %}
union all

select
    'an exit takes off {{ column }} of somebody who is a member' as problem,
    'audience_{{ destination }}__changes' as model_name,
    count(*) as row_count
from {{ ref('crm_segmentation', 'audience_' ~ destination ~ '__changes') }} as exits
inner join {{ ref('crm_segmentation', 'audience_' ~ destination ~ '__contacts') }} as members on exits.{{ column }} = members.{{ column }}
where not exits.is_member
having count(*) > 0
{% endfor %}
{%- endfor %}
{%- if is_chosen('hubspot') %}
union all

select
    'no address, or a lifecyclestage that HubSpot does not have' as problem,
    'audience_hubspot__contacts' as model_name,
    count(*) as row_count
from {{ ref('crm_segmentation', 'audience_hubspot__contacts') }}
where
    email is null
    or lifecyclestage not in (
        'subscriber', 'lead', 'marketingqualifiedlead', 'salesqualifiedlead', 'opportunity', 'customer', 'evangelist', 'other'
    )
having count(*) > 0
{%- endif %}
