-- What is each destination told by the last run: who entered, who is updated, and who has to leave?
with

changes as (
    {%- for destination in chosen_destinations() %}

    select
        '{{ destination }}' as destination,
        change_type,
        updated_at

    from {{ ref('crm_segmentation', 'audience_' ~ destination ~ '__changes') }}
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select
    coalesce(destination_labels.label, changes.destination) as destination,
    case changes.change_type when 'entered' then 'Entered' when 'updated' then 'Updated' else 'Has to leave' end as change_told,
    count(*) as contact_count
from changes
inner join {{ ref('crm_segmentation', 'run_info') }} as run_info
    on changes.updated_at >= run_info.as_of_date
left join {{ ref('crm_segmentation', 'code_labels') }} as destination_labels
    on destination_labels.code_kind = 'destination' and changes.destination = destination_labels.code
where changes.change_type in ('entered', 'updated', 'exited')
group by changes.destination, destination_labels.label, changes.change_type
order by destination asc, change_told asc
